/** The Python contender, where `python3` on the path, an activated virtual environment's for example, has what it takes. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { BUILDS, ROOT } from '../support/bundle.ts'
import { end, endWithUs } from '../support/children.ts'
import type { Server } from '../support/workerd.ts'
import type { Prepared } from './contenders.ts'

const SCRIPT = join(ROOT, 'bench/contenders/server.py')
const FOLDER = join(BUILDS, 'python')
/** uvicorn takes the last two, which make it faster, where they are. */
const PACKAGES = ['torch', 'numpy', 'fastapi', 'uvicorn', 'uvloop', 'httptools']

export async function preparePython(): Promise<Prepared | string> {
  const missing = await missingPackages()
  if (missing !== undefined) return missing
  const artifact = await readArtifactFolder(join(ROOT, ARTIFACT_FOLDER))
  if (!artifact.ok) return artifact.error.reason
  const { layers, card } = artifact.value
  mkdirSync(FOLDER, { recursive: true })
  const shapes = layers.map(({ inputs, units, activation }) => ({ inputs, units, activation }))
  writeFileSync(
    join(FOLDER, 'layers.json'),
    JSON.stringify({ layers: shapes, temperature: card.calibration.temperature }),
  )
  const tensors = layers.flatMap(({ kernel, bias }) => [Buffer.from(kernel.buffer), Buffer.from(bias.buffer)])
  writeFileSync(join(FOLDER, 'weights.f32'), Buffer.concat(tensors))
  return { start }
}

/** @returns what is missing, in words */
async function missingPackages(): Promise<string | undefined> {
  const find = 'import importlib.util, sys; print(*[p for p in sys.argv[1:] if not importlib.util.find_spec(p)])'
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', find, ...PACKAGES])
    return stdout.trim() === '' ? undefined : `python3 has no ${stdout.trim().split(' ').join(', ')}`
  } catch {
    return 'there is no python3'
  }
}

async function start(): Promise<Server> {
  const child = spawn('python3', [SCRIPT, FOLDER], { stdio: ['ignore', 'pipe', 'inherit'] })
  endWithUs(child)
  return { url: `http://127.0.0.1:${await portOf(child)}`, pid: child.pid!, stop: () => end(child) }
}

/** The script prints its port as soon as it listens. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The Python server ended with ${code}.`)))
    child.stdout!.once('data', (chunk) => resolve(Number(`${chunk}`)))
  })
}
