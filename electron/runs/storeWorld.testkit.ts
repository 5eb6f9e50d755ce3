import { appendFile, mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { RundeskError } from '../../shared/outcome'
import { makeFaultyDisk, type Refusal } from '../files/faultyDisk.testkit'
import type { StoreLine } from './rows'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine } from './storeLines.testkit'
import { foldText, rowsOf, viewsOf } from './storeModel.testkit'

/** Something that happens to a run store. `who` picks one of five rows, 0 to 4. */
export type Happening =
  | { readonly kind: 'append'; readonly who: readonly number[]; readonly synced: boolean }
  | { readonly kind: 'claim'; readonly who: number }
  | { readonly kind: 'others append'; readonly who: number }
  | { readonly kind: 'others append a part'; readonly who: number; readonly bytes: number }
  | { readonly kind: 'others append the rest' }
  | { readonly kind: 'others append garbage'; readonly text: string }
  | { readonly kind: 'others truncate'; readonly part: number }
  | { readonly kind: 'others replace'; readonly who: readonly number[] }
  | { readonly kind: 'others remove' }
  | { readonly kind: 'others remove and make again'; readonly who: readonly number[] }
  /** Until it is well again, or refuses something else. */
  | { readonly kind: 'the disk refuses'; readonly refusal: Refusal }
  | { readonly kind: 'the disk is well again' }
  | { readonly kind: 'reopen' }

interface Own {
  readonly text: string
  readonly line: StoreLine
  /** It was seen whole in the file. */
  landed: boolean
}

/** A run store in a folder of its own, what may happen to it, and what must hold after each of it. */
export interface World {
  readonly happen: (one: Happening) => Promise<void>
  readonly check: () => Promise<void>
  readonly close: () => Promise<void>
}

const ids = ['a', 'b', 'c', 'd', 'e'].map((digit) => digit.repeat(24))
/** No final one that forbids the next: contradictions have tests of their own. */
const statuses = ['running', 'failed', 'paused', 'pending']

/** Row 0 and 1 are runs; 2 and 3 are steps of run 0, 4 is one of run 1. Every line carries a number of its own. */
function lineOf(who: number, n: number): StoreLine {
  const id = ids[who] ?? ''
  const change = { id, n, status: statuses[n % 4], retryCount: n % 3, startedAt: new Date(n).toISOString() }
  return who < 2 ? makeRunLine(change) : makeStepLine({ ...change, runId: ids[who === 4 ? 1 : 0] })
}

/** Opens the world with an empty workspace. */
export async function openWorld(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'rundesk-world-'))
  const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
  await mkdir(dirname(file))
  let store = await openStore(dir)
  let own: Own[] = []
  const refused: string[] = []
  let rest = ''
  let number = 0
  const disk = makeFaultyDisk(file)
  let unreadable = false
  const heal = (): void => {
    disk.heal()
    unreadable = false
  }
  const next = (who: number): StoreLine => lineOf(who, ++number)
  const text = (lines: readonly StoreLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

  const claim = async (who: number): Promise<void> => {
    const line = lineOf(who < 2 ? who : 0, ++number)
    try {
      await store.claim(line.row.id, () => [line])
      own.push({ text: JSON.stringify(line), line, landed: false })
      expect(await read(), 'a claim that was made stands in the file').toContain(text([line]))
    } catch (error) {
      if (!(error instanceof RundeskError)) throw error
      if (error.message.includes('Nothing was changed')) refused.push(JSON.stringify(line))
    }
  }
  const read = (): Promise<string> => disk.spared(() => readFile(file, 'utf8').catch(() => ''))
  const note = (content: string): void => {
    const whole = content.split('\n').slice(0, -1)
    for (const one of own) one.landed ||= whole.includes(one.text)
  }

  const acts: { readonly [K in Happening['kind']]: (one: Extract<Happening, { kind: K }>) => Promise<unknown> } = {
    append: async ({ who, synced }) => {
      const lines = who.map(next)
      own.push(...lines.map((line) => ({ text: JSON.stringify(line), line, landed: false })))
      await store.append(lines, synced ? 'synced' : 'written')
    },
    claim: ({ who }) => claim(who),
    'others append': ({ who }) => appendFile(file, text([next(who)])),
    'others append a part': async ({ who, bytes }) => {
      const whole = text([next(who)])
      rest = whole.slice(bytes)
      await appendFile(file, whole.slice(0, bytes))
    },
    'others append the rest': async () => {
      await appendFile(file, rest)
      rest = ''
    },
    'others append garbage': ({ text: garbage }) => appendFile(file, `?${garbage}\n`),
    'others truncate': async ({ part }) => {
      const size = await stat(file).then(
        (found) => found.size,
        () => undefined,
      )
      if (size !== undefined) await truncate(file, Math.floor(size * part))
    },
    'others replace': async ({ who }) => {
      await writeFile(join(dir, 'new'), text(who.map(next)))
      await rename(join(dir, 'new'), file)
    },
    'others remove': () => rm(file, { force: true }),
    'others remove and make again': async ({ who }) => {
      await rm(file, { force: true })
      await writeFile(file, text(who.map(next)))
    },
    'the disk refuses': async ({ refusal }) => {
      disk.refuse(refusal)
      unreadable = refusal.call === 'read'
    },
    'the disk is well again': async () => {
      heal()
      await store.append([], 'synced')
      if (store.degraded()) await claim(0)
      expect(store.degraded(), 'a disk that is well again saves everything').toBeNull()
    },
    reopen: async () => {
      await store.close()
      note(await read())
      own = own.filter(({ landed }) => landed)
      store = await openStore(dir)
    },
  }

  /** What others do happens whatever the disk refuses us. */
  const letHappen = async (one: Happening): Promise<unknown> => {
    const act = acts[one.kind] as (same: Happening) => Promise<unknown>
    if (!one.kind.startsWith('others')) return act(one)
    if (unreadable && !one.kind.startsWith('others append')) {
      heal() // What was never read back before it is taken away cannot be known to be gone.
      await store.refresh()
    }
    return disk.spared(() => act(one))
  }

  return {
    happen: async (one) => {
      const before = await read()
      await letHappen(one)
      const after = await read()
      note(after)
      if (!one.kind.startsWith('others'))
        expect(after.startsWith(before), 'what stood in the file still does').toBe(true)
    },
    check: async () => {
      if (unreadable) return
      await store.refresh()
      const content = await read()
      const unsaved = own.filter(({ landed }) => !landed)
      expect(store.trouble()).toBeNull()
      expect(store.degraded()?.unsavedRows ?? 0, 'unsaved rows').toBe(unsaved.length)
      const whole = content.split('\n').slice(0, -1)
      const standing = whole.filter((line) => own.some((one) => one.text === line))
      expect(standing, 'own lines stand once, in order').toEqual(
        own.filter((one) => standing.includes(one.text)).map((one) => one.text),
      )
      expect(
        whole.filter((line) => refused.includes(line)),
        'what was refused does not stand',
      ).toEqual([])
      expect(await rowsOf(store)).toEqual(
        foldText(
          content,
          unsaved.map(({ line }) => line),
        ),
      )
      if (unsaved.length > 0) return
      const fresh = await openStore(dir)
      expect(await viewsOf(store)).toEqual(await viewsOf(fresh))
      await fresh.close()
    },
    close: async () => {
      disk.stop()
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function openStore(workspaceDir: string): Promise<RunStore> {
  const store = createRunStore({ workspaceDir, watch: false })
  await store.load()
  return store
}
