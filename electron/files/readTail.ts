import { open } from 'node:fs/promises'

/** The last bytes of a file as text; empty when it cannot be read. A character that is cut at its start is left out. */
export async function readTail(path: string, maxBytes: number): Promise<string> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (!handle) return ''
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.min(maxBytes, size))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, size - bytes.length)
    let start = 0
    while (bytes.length < size && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++
    return bytes.toString('utf8', start, bytesRead).trim()
  } catch {
    return ''
  } finally {
    await handle.close()
  }
}
