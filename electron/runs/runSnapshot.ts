import { createHash } from 'node:crypto'
import { mkdir, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { problemSchema } from '../../shared/runs'
import { writeFileAtomic } from '../files/atomicWrite'
import { createBreath } from '../files/breath'
import type { JournalPosition } from '../files/journal'
import { openPlainFile } from '../files/plainFile'
import { createNodeColumns, type NodeColumns, readNodes, writeNodes } from './nodeBlocks'
import type { LineProblems } from './problemList'
import type { RunNode } from './runIndex'
import { createRunTable, type RunTable, type RunTableParts } from './runTable'

/** What a snapshot holds: the table of a run store, read up to a position of its file. */
export interface Snapshot {
  readonly table: RunTable
  readonly problems: LineProblems
  readonly position: JournalPosition
  /** CRC-32 of the first so many bytes of the file, as they were when every line was looked at. */
  readonly checksum: { readonly bytes: number; readonly value: number }
}

/** The snapshot of one run store: derived from its file, and worth nothing without it. */
export interface Snapshots {
  /** Undefined when there is none, when it is damaged, or when the file is no longer the one that it was made from. */
  readonly read: () => Promise<Snapshot | undefined>
  /** How large it is; 0 when there is none. */
  readonly sizeBytes: () => Promise<number>
  /** Writes it, atomically. Writes none when lines come meanwhile, or when the folder refuses it. */
  readonly write: (snapshot: Snapshot) => Promise<void>
  readonly remove: () => Promise<void>
}

const magic = 'RDSNAP03'
const prefixBytes = 16
const checksumBytes = 4
const endBytes = 64 * 1024
const nodesPerBlock = 1_000

const idsSchema = z.array(z.tuple([z.number(), z.string()]).readonly()).readonly()
const headerSchema = z.object({
  path: z.string(),
  position: z.object({
    offset: z.number(),
    lines: z.number(),
    inode: z.number(),
    size: z.number(),
    mtimeMs: z.number(),
  }),
  ends: z.string(),
  checksum: z.object({ bytes: z.number(), value: z.number() }),
  problems: z.object({ kept: z.array(problemSchema).readonly(), total: z.number() }),
  sizes: z.object({ runs: z.number(), steps: z.number() }),
  otherRunIds: idsSchema,
  otherStepIds: idsSchema,
  /** Bytes of each part that follows, in the order of `partsOf`; each begins at a multiple of eight. */
  parts: z.array(z.number()),
})

/** Keeps the snapshot of `file` in `dir`, readable by the user alone. */
export function createSnapshots({ dir, file }: { readonly dir: string; readonly file: string }): Snapshots {
  const pathOf = async (): Promise<string> => {
    const real = await realpath(file).catch(() => file)
    return join(dir, `${createHash('sha256').update(real).digest('hex').slice(0, 32)}.snapshot`)
  }

  return {
    read: async () => {
      try {
        const bytes = await readInPieces(await pathOf())
        if (!(await isWhole(bytes))) return undefined
        const header = headerSchema.parse(JSON.parse(headerText(bytes)))
        if (header.path !== file || !(await isSameFile(file, header))) return undefined
        const table = createRunTable(await toParts(bytes, header))
        return { table, problems: header.problems, position: header.position, checksum: header.checksum }
      } catch {
        return undefined // It is only derived: without it the file itself is read.
      }
    },
    sizeBytes: async () =>
      stat(await pathOf()).then(
        ({ size }) => size,
        () => 0,
      ),
    write: async ({ table, problems, position, checksum }) => {
      const parts = table.toParts()
      const { size } = parts.index.runIds
      const columns = createNodeColumns(size)
      const blocks: Buffer[] = []
      for (let from = 0; from < size; from += nodesPerBlock) {
        const nodes = parts.index.nodes.slice(from, Math.min(size, from + nodesPerBlock))
        blocks.push(Buffer.from(writeNodes(nodes, columns, from)))
        await nextTurn()
      }
      const ends = await endsOf(file, position.offset)
      if (table.endOffset() !== position.offset || ends === undefined) return
      const sections = [...partsOf(parts, columns), ...blocks]
      const header = JSON.stringify({
        path: file,
        position,
        ends,
        checksum,
        problems,
        sizes: { runs: size, steps: parts.index.stepIds.size },
        otherRunIds: parts.index.runIds.others,
        otherStepIds: parts.index.stepIds.others,
        parts: sections.map(({ length }) => length),
      } satisfies z.infer<typeof headerSchema>)
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 })
        await writeFileAtomic(await pathOf(), await assemble(header, sections), { forUserAlone: true })
      } catch {
        // The next opening reads the file itself.
      }
    },
    remove: async () => rm(await pathOf(), { force: true }).catch(() => undefined),
  }
}

/** The flat parts, always in this order. */
function partsOf({ lines, index }: RunTableParts, { fields, times }: NodeColumns): Buffer[] {
  const arrays = [
    lines.offsets,
    lines.previous,
    index.runIds.words,
    index.runIds.slots,
    index.stepIds.words,
    index.stepIds.slots,
    index.stepStatus,
    index.stepRun,
    index.order,
    fields,
    times,
  ]
  return arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength))
}

async function toParts(bytes: Buffer, header: z.infer<typeof headerSchema>): Promise<RunTableParts> {
  let at = padded(prefixBytes + Buffer.byteLength(headerText(bytes)))
  const sections = header.parts.map((length) => {
    const section = bytes.subarray(at, at + length)
    at = padded(at + length)
    return section
  })
  const words = (index: number): Uint32Array => {
    const section = sections[index] ?? Buffer.alloc(0)
    return new Uint32Array(section.buffer, section.byteOffset, section.length / 4)
  }
  const integers = (index: number): Int32Array => {
    const section = sections[index] ?? Buffer.alloc(0)
    return new Int32Array(section.buffer, section.byteOffset, section.length / 4)
  }
  const doubles = (index: number): Float64Array => {
    const section = sections[index] ?? Buffer.alloc(0)
    return new Float64Array(section.buffer, section.byteOffset, section.length / 8)
  }
  const columns = { fields: integers(9), times: doubles(10) }
  const nodes: (RunNode | null)[] = []
  const shared = new Map<string, string>()
  const breath = createBreath(1)
  for (const section of sections.slice(11)) {
    await breath()
    const count = Math.min(nodesPerBlock, header.sizes.runs - nodes.length)
    readNodes(nodes, section.toString('utf8'), columns, { count, shared })
  }
  const runIds = { words: integers(2), slots: words(3), others: header.otherRunIds, size: header.sizes.runs }
  return {
    lines: { offsets: doubles(0), previous: words(1) },
    index: {
      runIds,
      stepIds: { words: integers(4), slots: words(5), others: header.otherStepIds, size: header.sizes.steps },
      stepStatus: sections[6] ?? new Uint8Array(),
      stepRun: words(7),
      nodes,
      order: words(8),
    },
    endOffset: header.position.offset,
  }
}

async function assemble(header: string, sections: readonly Buffer[]): Promise<Buffer> {
  const headerBytes = Buffer.from(header)
  let at = padded(prefixBytes + headerBytes.length)
  const total = sections.reduce((end, { length }) => padded(end + length), at) + checksumBytes
  const bytes = Buffer.alloc(total)
  bytes.write(magic, 'latin1')
  bytes.writeUInt32LE(headerBytes.length, 8)
  headerBytes.copy(bytes, prefixBytes)
  for (const section of sections) {
    section.copy(bytes, at)
    at = padded(at + section.length)
  }
  bytes.writeUInt32LE(await checksumOf(bytes.subarray(0, total - checksumBytes)), total - checksumBytes)
  return bytes
}

const readAtOnce = 16 * 1024 * 1024

/** A whole file. Each piece waits for its turn in the event loop, which in Electron takes longer than to read a small one. */
async function readInPieces(path: string): Promise<Buffer> {
  const handle = await openPlainFile(path)
  try {
    const bytes = Buffer.allocUnsafeSlow((await handle.stat()).size)
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(readAtOnce, bytes.length - at), at)
      if (bytesRead === 0) return bytes.subarray(0, at)
      at += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}

async function isWhole(bytes: Buffer): Promise<boolean> {
  if (bytes.length < prefixBytes + checksumBytes || bytes.toString('latin1', 0, magic.length) !== magic) return false
  const end = bytes.length - checksumBytes
  return bytes.readUInt32LE(end) === (await checksumOf(bytes.subarray(0, end)))
}

const checkedAtOnce = 8 * 1024 * 1024
async function checksumOf(bytes: Buffer): Promise<number> {
  let value = 0
  for (let from = 0; from < bytes.length; from += checkedAtOnce) {
    if (from > 0) await nextTurn()
    value = crc32(bytes.subarray(from, from + checkedAtOnce), value)
  }
  return value
}

function headerText(bytes: Buffer): string {
  return bytes.toString('utf8', prefixBytes, prefixBytes + bytes.readUInt32LE(8))
}

function padded(at: number): number {
  return Math.ceil(at / 8) * 8
}

/** Is it the file that the snapshot was made from, at most with more lines behind? Its middle is looked at later. */
async function isSameFile(
  file: string,
  { position, ends }: { readonly position: JournalPosition; readonly ends: string },
): Promise<boolean> {
  const now = await stat(file)
  if (now.ino !== position.inode || now.size < position.offset) return false
  if (now.size === position.size && now.mtimeMs !== position.mtimeMs) return false
  return (await endsOf(file, position.offset)) === ends
}

/** A hash of the first and the last 64 KiB of the file's first `bytes` bytes. */
async function endsOf(file: string, bytes: number): Promise<string | undefined> {
  const handle = await openPlainFile(file).catch(() => undefined)
  if (!handle) return undefined
  try {
    const buffer = Buffer.alloc(Math.min(endBytes, bytes))
    const hash = createHash('sha256')
    for (const from of [0, bytes - buffer.length]) {
      await handle.read(buffer, 0, buffer.length, from)
      hash.update(buffer)
    }
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}
