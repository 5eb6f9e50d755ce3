import { constants, open, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { toStoreLine } from '../runs/parseStoreLine'
import { folderId, type WorkspaceFolder } from './workspaceFolder'

/** So much of the beginning of a file is looked at. */
const headBytes = 1024 * 1024
const firstLines = 50
/** Whoever opens a pipe waits for its other end, unless it is told not to. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * A file of runs that somebody named, to be opened by itself: one of whose first lines is a row of a run store
 * (docs/formats.md), or an empty `*.jsonl`. Throws `invalid_workspace` with what is wrong and what to do.
 */
export async function toRunFile(path: string): Promise<WorkspaceFolder> {
  const name = resolve(path)
  const refuse = (why: string): never => {
    throw new RundeskError(
      'invalid_workspace',
      `${name} ${why}, so it was not opened. Name a folder, or a file of runs such as workflow-runs.jsonl.`,
    )
  }
  const real = await realpath(name).catch((error: unknown) => refuse(`cannot be read (${causeOf(error)})`))
  const file = await open(real, flags).catch((error: unknown) => refuse(`cannot be read (${causeOf(error)})`))
  try {
    const stats = await file.stat()
    if (!stats.isFile()) refuse('is neither a folder nor a plain file')
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(headBytes), position: 0 })
    const head = buffer.subarray(0, bytesRead)
    if (bytesRead === 0 && !real.endsWith('.jsonl')) refuse('is empty')
    if (bytesRead > 0 && !holdsRows(head, { whole: bytesRead === stats.size })) refuse('holds no runs')
  } finally {
    await file.close()
  }
  return { id: folderId(real), path: real, isFile: true }
}

/** Is one of the first lines a row? A first line that is longer than what was read is taken for one when it begins so. */
function holdsRows(head: Buffer, { whole }: { readonly whole: boolean }): boolean {
  const lines = head.toString('utf8').split('\n')
  if (!whole && lines.length === 1) return /^\s*\{\s*"(kind|row)"\s*:/.test(lines[0] ?? '')
  return lines.slice(0, firstLines).some((line) => {
    try {
      return 'line' in toStoreLine(JSON.parse(line), false)
    } catch {
      return false // It is no JSON.
    }
  })
}
