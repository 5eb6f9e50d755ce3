import { constants, copyFileSync, lstatSync, readFileSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'

/** Up to here a file is handled at once: that takes less time than to change threads, and far less than one turn may. */
const smallBytes = 128 * 1024

/** Reads a whole file. Rejects with the system's error. */
export async function readWhole(path: string): Promise<Buffer> {
  return lstatSync(path).size <= smallBytes ? readFileSync(path) : readFile(path)
}

/** Copies a file to a place where there is none. Rejects with the system's error: EEXIST when there is one. */
export async function copyWhole(from: string, to: string): Promise<void> {
  if (lstatSync(from).size <= smallBytes) copyFileSync(from, to, constants.COPYFILE_EXCL)
  else await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
}
