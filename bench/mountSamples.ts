import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMountStore } from '../electron/writebacks/mountStore'
import { createWritebackDesk, type WritebackDesk } from '../electron/writebacks/writebackDesk'
import { deadLetter } from './makeMount'
import { mebibytes, median, watchThread } from './measure'
import type { Sample } from './samples'

const noVerified: ReadonlyMap<string, number> = new Map()
const page = { workspaceId: null, offset: 0, limit: 100 }
const changes = 15

/** Samples about mounts with many records; each runs in a process of its own. */
export const mountSamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  scanMount: async ([localDir = '']) => {
    const stretch = watchThread()
    const start = performance.now()
    const verified = (): ReadonlyMap<string, number> => noVerified
    const store = createMountStore({ localDir, workspaceId: 'w', home: '/nowhere', watched: false, verified })
    await store.refresh()
    const ms = performance.now() - start
    const sample = { ms, items: store.view()?.items.length ?? 0, busyMs: stretch(), mib: mebibytes() }
    store.close()
    return sample
  },
  /** Reads and parses every record, reads and hashes every local file, nothing more. */
  bareMount: async ([localDir = '']) => {
    const start = performance.now()
    const dead = join(localDir, '.relay', 'dead-letter')
    let records = 0
    for (const name of readdirSync(dead)) {
      const { path, lastStatus } = JSON.parse(readFileSync(join(dead, name), 'utf8'))
      if (lastStatus === undefined) continue
      records++
      createHash('sha256')
        .update(readFileSync(join(localDir, path)))
        .digest('hex')
    }
    return { ms: performance.now() - start, records, mib: mebibytes() }
  },
  /** One new record after the other: from its being there to the page that shows it, in ms of work. */
  changeMount: async ([localDir = '', items = '']) => {
    let onChanged = (): void => undefined
    const desk = await openDesk(localDir, () => onChanged())
    const going = setInterval(() => undefined, 1_000) // Neither timers nor watchers of a desk keep a process alive.
    const times: number[] = []
    const busy: number[] = []
    for (let change = 0; change < changes; change++) {
      const { opId, record } = deadLetter(Number(items) + change)
      const to = join(localDir, '.relay', 'dead-letter', `${opId}.json`)
      await desk.query(page)
      const changed = new Promise<void>((resolve) => {
        onChanged = resolve
      })
      const before = process.cpuUsage()
      const stretch = watchThread()
      writeFileSync(`${to}.tmp`, record)
      renameSync(`${to}.tmp`, to)
      await changed
      const { total } = await desk.query(page)
      const { user, system } = process.cpuUsage(before)
      if (total !== Number(items) + change + 1) throw new Error(`A change was told, but ${total} writebacks are shown`)
      times.push((user + system) / 1000)
      busy.push(stretch())
    }
    clearInterval(going)
    await desk.close()
    for (let change = 0; change < changes; change++)
      rmSync(join(localDir, '.relay', 'dead-letter', `${deadLetter(Number(items) + change).opId}.json`))
    return { ms: median(times), busyMs: median(busy) }
  },
  searchMount: async ([localDir = '', items = '']) => {
    const desk = await openDesk(localDir)
    const searches = [
      '"dunno 77"',
      'mount_',
      'AGE-99',
      'nothing like this',
      'linear "does not exist"',
      'validation_failed',
    ]
    const expected = Array.from({ length: Number(items) }, (_, index) => deadLetter(index))
      .map(({ record, path }) => `${path} ${record}`.toLowerCase())
      .map((text) => text.includes('dunno 77'))
      .filter(Boolean).length
    await desk.history(page) // Answers when what was seen is kept.
    await desk.query(page)
    const times: number[] = []
    const stretch = watchThread()
    let found = 0
    for (const search of searches) {
      const start = performance.now()
      const { total } = await desk.query({ ...page, search })
      times.push(performance.now() - start)
      if (search === '"dunno 77"') found = total
    }
    const sample = { ms: Math.max(...times), wrong: Math.abs(found - expected), busyMs: stretch(), mib: mebibytes() }
    await desk.close()
    return sample
  },
}

/** A desk with a data folder of its own, which is gone when the process ends. */
async function openDesk(localDir: string, onChanged: () => void = () => undefined): Promise<WritebackDesk> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rundesk-bench-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  const desk = createWritebackDesk({
    dataDir,
    home: '/nowhere',
    operator: 'bench',
    readOnly: () => false,
    trashDays: null,
    onChanged,
    onOperationChanged: () => undefined,
  })
  await desk.setFolders([{ workspaceId: 'w', path: localDir }])
  return desk
}
