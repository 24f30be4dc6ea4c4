/** Budgets that do not depend on how fast the machine is; test/bench has the upload's size, and bench/ the times. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend, engine, getBackend, getKernelsForBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { ModelResponse } from '../../worker/schemas.ts'
import { digits, post, send } from './support.ts'

/** What the backend has been asked for; a request's other allocations, of JavaScript objects, are not counted. */
interface Asked {
  /** Tensors registered with the backend. */
  tensors: number
  /** Blocks of the WASM heap that JavaScript asked for; those the kernels ask for themselves are not seen. */
  blocks: number
  /** Tensors of the engine, which the public operations make. */
  engineTensors: number
}

async function askedFor(images: number): Promise<Asked> {
  const { wasm } = backend() as BackendWasm
  const heap = wasm as typeof wasm & { _malloc(bytes: number): number }
  const register = vi.spyOn(wasm.tfjs, 'registerTensor')
  const allocate = vi.spyOn(heap, '_malloc')
  const before = engine().state.numTensors
  const response = await post('/v1/predict', 'application/octet-stream', digits(0, images).pixels)
  const asked = {
    tensors: register.mock.calls.length,
    blocks: allocate.mock.calls.length,
    engineTensors: engine().state.numTensors - before,
  }
  register.mockRestore()
  allocate.mockRestore()
  expect(response.status).toBe(200)
  return asked
}

let layers = 0

// The Worker is loaded by its first request.
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const model = (await (await send('/v1/model')).json()) as ModelResponse
  layers = model.layers.length
})

describe('A request asks the backend for', () => {
  test('nothing at all for one image', async () => {
    await askedFor(1)
    expect(await askedFor(1)).toEqual({ tensors: 0, blocks: 0, engineTensors: 0 })
  })

  test('one tensor for each layer, however large the batch', async () => {
    await askedFor(128)
    const small = await askedFor(2)
    expect(small).toEqual({ tensors: layers, blocks: layers, engineTensors: 0 })
    expect(await askedFor(128)).toEqual(small)
  })
})

test('only the kernel that serving uses is registered', () => {
  expect(getKernelsForBackend(getBackend()).map(({ kernelName }) => kernelName)).toEqual(['_FusedMatMul'])
})

test('what is kept are the weights, and for one image its pixels and what each layer makes of them', async () => {
  await askedFor(3)
  expect(backend().numDataIds()).toBe(2 * layers + 1 + layers)
})
