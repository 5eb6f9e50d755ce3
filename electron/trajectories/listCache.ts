import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '../files/atomicWrite'
import { createBreath } from '../files/breath'
import { lineText, readLines } from '../files/lineReader'
import {
  fromCachedFile,
  fromCachedFolder,
  isCachedFile,
  isCachedFolder,
  toCachedFile,
  toCachedFolder,
} from './cacheLine'
import type { ScanMemory } from './folderScan'

/** Raised whenever the shape of a line, or what is read off a file, changes. */
const format = 1

/**
 * What a scan knows of one trajectories folder, kept between processes. Derived and disposable: every entry is checked
 * against the file's stats before it counts, and a cache that is missing, foreign or damaged is an empty one.
 */
export interface ListCache {
  readonly load: () => Promise<ScanMemory>
  /** Never throws: a cache that cannot be written is not missed. */
  readonly store: (memory: ScanMemory) => Promise<void>
}

/** The cache of the folder `root` in `cacheDir`; without one, nothing is kept. */
export function createListCache(cacheDir: string | null, root: string): ListCache {
  const path = cacheDir === null ? null : join(cacheDir, `trajectories-${nameOf(root)}.jsonl`)
  const head = JSON.stringify({ format, root })
  return {
    load: async () => {
      const memory: ScanMemory = { folders: new Map(), files: new Map() }
      if (path !== null) await loadInto(memory, path, head).catch(() => clear(memory))
      return memory
    },
    store: async (memory) => {
      if (path === null) return
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeFileAtomic(path, await toText(memory, head), { forUserAlone: true })
      } catch {
        // It is only a cache.
      }
    },
  }
}

function nameOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 16)
}

function clear(memory: ScanMemory): void {
  memory.folders.clear()
  memory.files.clear()
}

async function loadInto(memory: ScanMemory, path: string, head: string): Promise<void> {
  const handle = await open(path, 'r')
  let isFirst = true
  let isOurs = false
  try {
    await readLines(handle, {
      from: 0,
      onLine: (line) => {
        const text = lineText(line)
        if (isFirst) isOurs = text === head
        else if (isOurs) takeLine(memory, JSON.parse(text))
        isFirst = false
      },
    })
  } finally {
    await handle.close()
  }
}

function takeLine(memory: ScanMemory, line: unknown): void {
  if (isCachedFolder(line)) {
    const [path, folder] = fromCachedFolder(line)
    memory.folders.set(path, folder)
  } else if (isCachedFile(line)) {
    const [path, file] = fromCachedFile(line)
    memory.files.set(path, file)
  } else {
    throw new Error('The cache holds a line of another shape')
  }
}

async function toText(memory: ScanMemory, head: string): Promise<string> {
  const lines = [head]
  const breathe = createBreath()
  for (const [path, folder] of [...memory.folders]) {
    lines.push(JSON.stringify(toCachedFolder(path, folder)))
    await breathe()
  }
  for (const [path, file] of [...memory.files]) {
    lines.push(JSON.stringify(toCachedFile(path, file)))
    await breathe()
  }
  return `${lines.join('\n')}\n`
}
