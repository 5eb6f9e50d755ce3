import type { StepRow } from '../runs/rows'
import { foldState, toPatch } from '../runs/runState'
import type { StateConflict } from './runContext'

/** The state of a run as its steps committed it, kept while the run goes on. */
export interface CommittedState {
  /** Takes in a step's new row. */
  readonly take: (row: StepRow) => void
  readonly value: () => Readonly<Record<string, unknown>>
  readonly lastSeq: () => number
  readonly nextSeq: () => number
  readonly conflicts: (seq: number, keys: readonly string[]) => readonly StateConflict[]
}

/** The state of these rows. Numbers go on behind the highest of any row. */
export function createCommittedState(rows: readonly StepRow[]): CommittedState {
  const patches = new Map<string, NonNullable<ReturnType<typeof toPatch>>>()
  let value: Readonly<Record<string, unknown>> | undefined
  let newest = 0
  let last = Math.max(0, ...rows.map((row) => Math.max(numberOf(row.rundesk?.commitSeq), numberOf(seqOf(row)))))

  const take = (row: StepRow): void => {
    const step = row.stepName ?? ''
    const patch = row.status === 'completed' ? toPatch(row.rundesk?.statePatch) : undefined
    if (!patch && !patches.has(step)) return
    const isNewest = patch !== undefined && patch.seq > newest && !patches.has(step)
    value = isNewest && value ? after(value, patch) : undefined
    if (patch) {
      patches.set(step, patch)
      newest = Math.max(newest, patch.seq)
    } else patches.delete(step)
  }
  for (const row of rows) take(row)

  return {
    take,
    value: () => {
      value ??= foldState(patches.values())
      return value
    },
    lastSeq: () => last,
    nextSeq: () => ++last,
    conflicts: (seq, keys) => {
      const found = new Map<string, { readonly seq: number; readonly step: string }>()
      for (const [step, patch] of patches) {
        if (patch.seq <= seq) continue
        for (const key of keys) {
          const touched = Object.hasOwn(patch.set, key) || patch.unset.includes(key)
          if (touched && patch.seq > (found.get(key)?.seq ?? 0)) found.set(key, { seq: patch.seq, step })
        }
      }
      return [...found].map(([key, { step }]) => ({ key, with: step }))
    },
  }
}

function after(
  before: Readonly<Record<string, unknown>>,
  { set, unset }: NonNullable<ReturnType<typeof toPatch>>,
): Readonly<Record<string, unknown>> {
  const value = { ...before, ...set }
  for (const key of unset) delete value[key]
  return value
}

function seqOf(row: StepRow): unknown {
  const patch = row.rundesk?.statePatch
  return typeof patch === 'object' && patch !== null && 'seq' in patch ? patch.seq : 0
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
