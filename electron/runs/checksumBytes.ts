import { crc32 } from 'node:zlib'
import type { Journal } from '../files/journal'

/** CRC-32 of the first `to` bytes of a journal's file; undefined when `signal` stopped it. */
export async function checksumBytes(
  journal: Pick<Journal, 'scan'>,
  { to, signal }: { readonly to: number; readonly signal: AbortSignal },
): Promise<number | undefined> {
  let checksum = 0
  const onBytes = (bytes: Buffer): void => {
    checksum = crc32(bytes, checksum)
  }
  await journal.scan({ from: 0, to, signal, onLine: () => undefined, onBytes })
  return signal.aborted ? undefined : checksum
}
