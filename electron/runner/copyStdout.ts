import { open } from 'node:fs/promises'
import { containedPath } from '../files/containedPath'
import type { LogFacts } from './attemptLog'
import { openLogParts } from './logParts'
import { readLogStreams } from './logStreams'

const pieceBytes = 1024 * 1024

/** Writes what an attempt printed to stdout, whole, into a file. Throws when the log or the marks beside it are gone or do not fit. */
export async function copyStdout({
  rundeskDir,
  log,
  to,
}: {
  readonly rundeskDir: string
  readonly log: Pick<LogFacts, 'file' | 'stdoutBytes'>
  readonly to: string
}): Promise<void> {
  const path = containedPath(rundeskDir, log.file)
  const parts = await openLogParts(path)
  const streams = await readLogStreams(path)
  const target = await open(to, 'w', 0o600)
  let copied = 0
  try {
    let offset = 0
    for (const [stream, bytes] of parts ? streams.within(0, parts.sizeBytes) : []) {
      const end = offset + bytes
      while (offset < end && stream === 'stdout') {
        const piece = await parts?.read(offset, Math.min(pieceBytes, end - offset))
        if (!piece || piece.length === 0) break
        await target.writeFile(piece)
        offset += piece.length
        copied += piece.length
      }
      offset = end
    }
  } finally {
    await target.close()
  }
  if (copied !== log.stdoutBytes) throw new Error(`The log ${log.file} does not hold what its row says`)
}
