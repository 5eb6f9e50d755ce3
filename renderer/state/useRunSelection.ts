import { useState } from 'react'
import type { RunAsk } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { useClient } from './client'
import { askKey } from './runPages'
import { refuse } from './toasts'
import type { RunWindow } from './useRunWindow'

/** What is chosen: some runs, or all of a list, which main knows by its `order`. */
export type RunChoice =
  | { readonly kind: 'some'; readonly runs: ReadonlyMap<string, Run> }
  | { readonly kind: 'all'; readonly key: string; readonly order: string; readonly count: number }

export interface RunSelection {
  readonly choice: RunChoice
  readonly count: number
  readonly has: (run: Run) => boolean
  readonly toggle: (run: Run) => void
  /** Are runs that were asked for still on their way? Until they are there, nothing is done with what is chosen. */
  readonly isChoosing: boolean
  /** Adds the runs between two places of the list, both included. */
  readonly addRange: (list: RunWindow, range: { readonly from: number; readonly to: number }) => void
  /** Chooses all runs of the list, as it is shown. */
  readonly chooseAll: (list: RunWindow) => void
  readonly clear: () => void
}

const none: RunChoice = { kind: 'some', runs: new Map() }
const partSize = 500

function keyOf({ workspaceId, id }: Run): string {
  return `${workspaceId} ${id}`
}

/** What is chosen in the list of runs. All runs of a list are no longer chosen when it asks for others. */
export function useRunSelection(ask: RunAsk): RunSelection {
  const client = useClient()
  const [kept, setKept] = useState<RunChoice>(none)
  const [underWay, setUnderWay] = useState(0)
  const key = askKey(ask)
  const valid = (known: RunChoice): RunChoice => (known.kind === 'all' && known.key !== key ? none : known)
  const choice = valid(kept)
  const add = (runs: readonly Run[]): void =>
    setKept((known) => ({
      kind: 'some',
      runs: new Map([...someOf(valid(known)), ...runs.map((run) => [keyOf(run), run] as const)]),
    }))
  const between = async (order: string | undefined, from: number, to: number): Promise<readonly Run[]> => {
    const runs: Run[] = []
    for (let offset = from; offset <= to; offset += partSize) {
      const limit = Math.min(partSize, to + 1 - offset)
      const page = await client.request('runs:query', { ...ask, ...(order ? { order } : {}), offset, limit })
      runs.push(...page.rows)
    }
    return runs
  }
  return {
    choice,
    isChoosing: underWay > 0,
    count: choice.kind === 'some' ? choice.runs.size : choice.count,
    has: (run) => choice.kind === 'all' || choice.runs.has(keyOf(run)),
    toggle: (run) =>
      setKept((known) => {
        const runs = new Map(someOf(valid(known)))
        if (!runs.delete(keyOf(run))) runs.set(keyOf(run), run)
        return { kind: 'some', runs }
      }),
    addRange: (list, { from, to }) => {
      const held = Array.from({ length: to - from + 1 }, (_, index) => list.rowAt(from + index))
      const known = held.flatMap((run) => run ?? [])
      if (known.length === held.length) return add(known)
      setUnderWay((count) => count + 1)
      between(list.page?.order, from, to)
        .then(add, refuse)
        .finally(() => setUnderWay((count) => count - 1))
    },
    chooseAll: (list) => {
      const order = list.page?.order
      if (order !== undefined && list.total > 0) setKept({ kind: 'all', key, order, count: list.total })
    },
    clear: () => setKept(none),
  }
}

function someOf(choice: RunChoice): ReadonlyMap<string, Run> {
  return choice.kind === 'some' ? choice.runs : new Map()
}
