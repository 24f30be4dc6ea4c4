import { describe, expect, test } from 'vitest'
import { concat, digits, post, postJson, predictionsOf, send } from './support.ts'

const { pixels, labels } = digits(0, 3)
const INFER = '/v2/models/digits/infer'
const tensor = (more: object = {}) => ({
  name: 'image',
  datatype: 'UINT8',
  shape: [3, 784],
  data: [...pixels],
  ...more,
})
const card = async () => (await (await send('/v1/model')).json()) as { version: string }

interface Answer {
  model_name: string
  model_version: string
  id?: string
  outputs: {
    name: string
    datatype: string
    shape: number[]
    data?: number[]
    parameters?: { binary_data_size: number }
  }[]
}

async function infer(body: unknown, headers?: Record<string, string>): Promise<Answer> {
  const response = await postJson(INFER, body, headers)
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}

describe('The Open Inference Protocol', () => {
  test('tells of the server, its health and the model', async () => {
    const { version } = await card()
    const metadata = {
      name: 'digits',
      versions: [version],
      platform: 'tensorflowjs_layersmodel',
      inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 784] }],
      outputs: [
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 10] },
        { name: 'digit', datatype: 'INT64', shape: [-1] },
      ],
    }
    const answers = {
      '/v2': { name: 'edge-digits', version: '2', extensions: ['binary_tensor_data'] },
      '/v2/health/live': { live: true },
      '/v2/health/ready': { ready: true },
      '/v2/models/digits': metadata,
      [`/v2/models/digits/versions/${version}`]: metadata,
      '/v2/models/digits/ready': { name: 'digits', ready: true },
      [`/v2/models/digits/versions/${version}/ready`]: { name: 'digits', ready: true },
    }
    for (const [path, answer] of Object.entries(answers)) {
      const response = await send(path)
      expect([path, response.status, await response.json()]).toEqual([path, 200, answer])
    }
  })

  test('infers what /v1/predict predicts, in both datatypes and shapes, flat and nested', async () => {
    const predictions = await predictionsOf(await post('/v1/predict', 'application/octet-stream', pixels))
    const unit = [...pixels].map((value) => value / 255)
    const nested = [0, 1, 2].map((n) => [...pixels.subarray(n * 784, n * 784 + 784)])
    const rows = nested.map((image) => Array.from({ length: 28 }, (_, y) => image.slice(y * 28, y * 28 + 28)))
    const shape = [3, 28, 28]
    const { version } = await card()
    for (const input of [
      tensor(),
      tensor({ data: nested }),
      tensor({ shape, data: rows }),
      tensor({ shape }),
      tensor({ datatype: 'FP32', data: unit }),
      tensor({ datatype: 'FP32' }),
    ]) {
      const answer = await infer({
        id: 'a-7',
        parameters: { priority: 1 },
        inputs: [{ ...input, parameters: { x: 1 } }],
      })
      expect(answer).toEqual({
        model_name: 'digits',
        model_version: version,
        id: 'a-7',
        outputs: [
          {
            name: 'probabilities',
            datatype: 'FP32',
            shape: [3, 10],
            data: predictions.flatMap(({ probabilities }) => probabilities),
          },
          { name: 'digit', datatype: 'INT64', shape: [3], data: labels },
        ],
      })
    }
  })

  test('answers the outputs that were asked for, in that order, and no id when none was sent', async () => {
    const outputs = [{ name: 'digit', parameters: { classification: 0 } }]
    const answer = await infer({ inputs: [tensor()], outputs })
    expect(answer.outputs.map(({ name }) => name)).toEqual(['digit'])
    expect(answer).not.toHaveProperty('id')
    const both = await infer({ inputs: [tensor()], outputs: [{ name: 'digit' }, { name: 'probabilities' }] })
    expect(both.outputs.map(({ name }) => name)).toEqual(['digit', 'probabilities'])
    expect((await infer({ inputs: [tensor()], outputs: [] })).outputs).toHaveLength(2)
  })

  test('a blank image has the digit −1', async () => {
    const answer = await infer({ inputs: [tensor({ shape: [1, 784], data: Array(784).fill(0) })] })
    expect(answer.outputs[1].data).toEqual([-1])
  })

  test('takes and gives tensors as Triton’s clients send them unless told otherwise: binary, behind the JSON', async () => {
    for (const [datatype, data] of [
      ['UINT8', pixels],
      ['FP32', new Uint8Array(Float32Array.from(pixels, (value) => value / 255).buffer)],
    ] as const) {
      const header = {
        parameters: { binary_data_output: true },
        inputs: [tensor({ datatype, data: undefined, parameters: { binary_data_size: data.length } })],
      }
      const json = new TextEncoder().encode(JSON.stringify(header))
      const length = 'inference-header-content-length'
      const response = await post(INFER, 'application/octet-stream', concat([json, data]), {
        [length]: `${json.length}`,
      })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/octet-stream')
      const size = Number(response.headers.get(length))
      const bytes = await response.arrayBuffer()
      const answer = JSON.parse(new TextDecoder().decode(bytes.slice(0, size))) as Answer
      expect(answer.outputs.map(({ parameters, data }) => [parameters, data])).toEqual([
        [{ binary_data_size: 120 }, undefined],
        [{ binary_data_size: 24 }, undefined],
      ])
      const plain = await infer({ inputs: [tensor()] })
      const probabilities = new Float32Array(bytes.slice(size, size + 120))
      expect(probabilities).toEqual(Float32Array.from(plain.outputs[0].data!))
      expect([...new BigInt64Array(bytes.slice(size + 120))].map(Number)).toEqual(labels)
    }
  })

  const image = (more: object) => JSON.stringify({ inputs: [tensor(more)] })
  const cases: [string, string, string][] = [
    ['broken JSON', 'no valid JSON', '{'],
    ['no inputs', 'Send an object with inputs', '{}'],
    ['two inputs', 'exactly one tensor', JSON.stringify({ inputs: [tensor(), tensor()] })],
    ['an input of another name', 'The input is named image', image({ name: 'x' })],
    ['another datatype', 'must be FP32 or UINT8', image({ datatype: 'FP64' })],
    ['another shape', 'is [3, 783]: send [n, 784] or [n, 28, 28]', image({ shape: [3, 783] })],
    ['a shape of texts', 'must be [n, 784]', image({ shape: ['3', 784] })],
    ['no images', 'holds 0 images', image({ shape: [0, 784], data: [] })],
    ['129 images', 'holds 129 images: send 1 to 128', image({ shape: [129, 784] })],
    ['too few numbers', 'have 2351 numbers; its shape asks for 2352', image({ data: [...pixels].slice(1) })],
    ['too many numbers', 'have 2353 numbers', image({ data: [...pixels, 0] })],
    ['no data', 'has no data', image({ data: undefined })],
    ['text among the data', 'have a string at index 0', image({ data: ['0'] })],
    [
      'data nested too deep',
      'nested deeper',
      `{"inputs":[{"name":"image","datatype":"FP32","shape":[1,784],"data":${'['.repeat(1e5)}${']'.repeat(1e5)}}]}`,
    ],
    ['a byte out of range', 'have 256 at index 0', image({ data: [256, ...pixels.subarray(1)] })],
    ['half a byte', 'have 0.5 at index 0', image({ data: [0.5, ...pixels.subarray(1)] })],
    ['a negative float', 'have -1 at index 0', image({ datatype: 'FP32', data: [-1, ...pixels.subarray(1)] })],
    ['an id that is no text', 'id must be a string', JSON.stringify({ id: 7, inputs: [tensor()] })],
    [
      'an unknown output',
      'The outputs are probabilities and digit',
      JSON.stringify({ inputs: [tensor()], outputs: [{ name: 'logits' }] }),
    ],
    [
      'binary data without the header',
      'Inference-Header-Content-Length',
      image({ data: undefined, parameters: { binary_data_size: 2352 } }),
    ],
  ]
  test.each(cases)('%s: 400, in the protocol’s own form', async (_, detail, body) => {
    const response = await post(INFER, 'application/json', body)
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining(detail) }])
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  test('another model, another version, another path: 404; another method: 405', async () => {
    for (const path of [
      '/v2/models/cats',
      '/v2/models/digits/versions/1',
      '/v2/models/digits/versions/1/ready',
      '/v2/x',
    ]) {
      const response = await send(path)
      expect([path, response.status, await response.json()]).toEqual([path, 404, { error: expect.any(String) }])
    }
    expect((await postJson('/v2/models/cats/infer', {})).status).toBe(404)
    const method = await send(INFER)
    expect([method.status, method.headers.get('allow'), await method.json()]).toEqual([
      405,
      'POST, OPTIONS',
      { error: 'GET is not possible here: use POST.' },
    ])
  })
})
