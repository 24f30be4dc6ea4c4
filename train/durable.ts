/** Files that are on the disk, whole, or not there at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file and forces it to the disk. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w')
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Forces the names in a folder to the disk; Windows has no such thing and refuses. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Gives a file new content; whatever fails, the name holds the old content or the new. */
export function replaceDurably(path: string, content: string | Uint8Array): void {
  const staged = stagedOf(path)
  try {
    writeDurably(staged, content)
    renameSync(staged, path)
  } catch (cause) {
    rmSync(staged, { force: true })
    throw cause
  }
  syncFolder(dirname(path))
}

/** The name beside `path` under which its successor is made. */
export const stagedOf = (path: string) => join(dirname(path), `.${basename(path)}.${process.pid}.new`)
