/** An artifact as a folder on disk: written whole or not at all, and checked against its version when read. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Artifact, describeArtifactError, readArtifact, weightsVersion } from '../model/artifact.ts'
import { stagedOf, syncFolder, writeDurably } from './durable.ts'

/** Where the shipped artifact lives. */
export const ARTIFACT_FOLDER = 'model/digits'

/** The files of an artifact folder. A folder that holds anything else is never replaced. */
export const ARTIFACT_FILES = ['model.json', 'weights.bin', 'README.md', 'report.html'] as const
export type ArtifactFile = (typeof ARTIFACT_FILES)[number]

/** Contents by file name; model.json and weights.bin are what a Worker needs. */
export type ArtifactContents = { 'model.json': string; 'weights.bin': Uint8Array } & Partial<
  Record<ArtifactFile, string | Uint8Array>
>

/** Far more than an artifact of the largest useful network takes. */
const NEEDED_BYTES = 64 * 2 ** 20

export interface FolderError {
  kind: 'folder'
  path: string
  reason: string
}

export type FolderResult<T> = { ok: true; value: T } | { ok: false; error: FolderError }

/** Reads and checks an artifact folder, the version against the bytes included. */
export async function readArtifactFolder(folder: string): Promise<FolderResult<Artifact & { bytes: Uint8Array }>> {
  const path = resolve(folder)
  restore(path)
  let json: unknown
  let bytes: Uint8Array<ArrayBuffer>
  try {
    json = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'))
    bytes = new Uint8Array(readFileSync(join(path, 'weights.bin')))
  } catch (cause) {
    return failed(path, `no readable artifact there (${message(cause)}); npm run train makes one`)
  }
  const artifact = readArtifact(json, bytes)
  if (!artifact.ok) return failed(path, describeArtifactError(artifact.error))
  const version = await weightsVersion(bytes)
  const stated = artifact.value.card.version
  if (stated !== version) return failed(path, `weights.bin has version ${version} but model.json says ${stated}`)
  return { ok: true, value: { ...artifact.value, bytes } }
}

/**
 * Says before an hour of training whether its result can be written to `folder` afterwards: the place is writable, has
 * room, and holds nothing that is not an artifact's.
 */
export function checkArtifactFolder(folder: string): FolderResult<null> {
  const path = resolve(folder)
  try {
    mkdirSync(dirname(path), { recursive: true })
    accessSync(dirname(path), constants.W_OK)
    const foreign = existsSync(path) ? readdirSync(path).filter((name) => !isArtifactFile(name)) : []
    if (foreign.length > 0) {
      return failed(
        path,
        `the folder holds other files too (${foreign.slice(0, 3).join(', ')}); choose an empty or new one`,
      )
    }
    const space = statfsSync(dirname(path))
    const free = space.bavail * space.bsize
    if (free < NEEDED_BYTES) return failed(path, `only ${Math.floor(free / 2 ** 20)} MiB free, 64 MiB needed`)
    const probe = stagedOf(path)
    mkdirSync(probe)
    rmSync(probe, { recursive: true })
    return { ok: true, value: null }
  } catch (cause) {
    return failed(path, `cannot be written: ${message(cause)}`)
  }
}

/** Replaces `folder` by these files, all of them or, whatever fails, none. */
export function writeArtifactFolder(folder: string, contents: ArtifactContents): FolderResult<null> {
  const path = resolve(folder)
  const ready = checkArtifactFolder(folder)
  if (!ready.ok) return ready
  const staged = stagedOf(path)
  try {
    mkdirSync(staged)
    for (const [name, content] of Object.entries(contents)) writeDurably(join(staged, name), content)
    syncFolder(staged)
    const previous = previousOf(path)
    rmSync(previous, { recursive: true, force: true })
    if (existsSync(path)) renameSync(path, previous)
    renameSync(staged, path)
    syncFolder(dirname(path))
    rmSync(previous, { recursive: true, force: true })
    return { ok: true, value: null }
  } catch (cause) {
    rmSync(staged, { recursive: true, force: true })
    restore(path)
    return failed(path, `cannot be written: ${message(cause)}`)
  }
}

/** A folder cannot be exchanged in one step: a kill between the two renames leaves the old one beside its place. */
function restore(path: string): void {
  if (!existsSync(path) && existsSync(previousOf(path))) renameSync(previousOf(path), path)
}

const isArtifactFile = (name: string) => (ARTIFACT_FILES as readonly string[]).includes(name)
const previousOf = (path: string) => join(dirname(path), `.${basename(path)}.previous`)
const message = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

function failed(path: string, reason: string): { ok: false; error: FolderError } {
  return { ok: false, error: { kind: 'folder', path, reason } }
}
