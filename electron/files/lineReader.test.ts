import type { FileHandle } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { lineText, readLines } from './lineReader'

test('a read that fails while earlier lines are still worked on is told, once, to the caller', async () => {
  let reads = 0
  const handle = {
    read: async (buffer: Buffer, at: number, length: number) => {
      if (++reads > 1) throw new Error('EIO')
      buffer.fill('x'.repeat(99).concat('\n'), at, at + length)
      return { bytesRead: length, buffer }
    },
  } as unknown as FileHandle
  const busy = (): void => {
    for (const end = performance.now() + 20; performance.now() < end; );
  }
  let lines = 0
  const reading = readLines(handle, { from: 0, onLine: () => (lines++ % 5_000 === 0 ? busy() : undefined) })
  await expect(reading).rejects.toThrow('EIO')
  expect(lines).toBeGreaterThan(5_000)
})

test('of a line with very much in its depth the upper levels are left, and they parse', async () => {
  const deep = Array.from({ length: 120_000 }, (_, index) => ({ name: `step ${index}`, command: `echo "${index}" [{` }))
  const row = { id: 'a', config: { workflows: [{ steps: deep }] }, rundesk: { history: [{ act: 'start' }] }, end: true }
  const bytes = Buffer.from(`${JSON.stringify({ kind: 'run', row })}\n`)
  const handle = {
    read: async (buffer: Buffer, at: number, length: number, position: number) => ({
      bytesRead: bytes.copy(buffer, at, position, position + length),
      buffer,
    }),
  } as unknown as FileHandle
  const lines: unknown[] = []
  await readLines(handle, { from: 0, onLine: (line) => lines.push(JSON.parse(lineText(line))) })
  expect(lines).toEqual([{ kind: 'run', row: { ...row, config: { workflows: [{ steps: [] }] } } }])
})
