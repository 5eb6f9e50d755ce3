import type { MovedFile } from './ledgerLines'
import type { Outcome } from './outcomes'
import { isThere, moveAll, moveBack } from './trash'

/** The files of one item that are to lie in the trash. */
export interface PlannedItem {
  readonly key: string
  readonly moved: readonly MovedFile[]
}

/** What came of one item, and which of its files lie in the trash now. */
export interface AsideItem extends PlannedItem {
  readonly outcome: Outcome
}

/**
 * Moves the records of items to the trash. Those of an item that cannot be moved whole go back, and with them the items
 * that share a record with it: a record leaves only with all that it tells of.
 */
export async function putAside(planned: readonly PlannedItem[]): Promise<readonly AsideItem[]> {
  const { gone, stuck } = await moveAll(planned.flatMap(({ moved }) => moved))
  return settle(planned, { gone, stuck, outcome: 'failed' })
}

/** Ends a dismissal that was interrupted, where it was: items of which not all records were moved get theirs back. */
export async function closeAside(planned: readonly PlannedItem[]): Promise<readonly AsideItem[]> {
  const unmoved = planned.flatMap(({ moved }) => moved.filter(({ from }) => isThere(from)))
  const gone = planned.flatMap(({ moved }) => moved.filter(({ from, to }) => !isThere(from) && !isThere(to)))
  const why = 'The operation was closed before all of its records were put aside.'
  return settle(planned, {
    gone: new Set(gone.map(({ from }) => from)),
    stuck: new Map(unmoved.map(({ from }) => [from, why])),
    outcome: 'skipped',
  })
}

async function settle(
  planned: readonly PlannedItem[],
  {
    gone,
    stuck,
    outcome,
  }: {
    readonly gone: ReadonlySet<string>
    readonly stuck: ReadonlyMap<string, string>
    readonly outcome: 'failed' | 'skipped'
  },
): Promise<readonly AsideItem[]> {
  const down = thoseThatStay(planned, stuck)
  const left = await moveBack([...down.keys()].flatMap(({ moved }) => moved))
  return planned.map((item): AsideItem => {
    const why = down.get(item)
    if (why === undefined) return whole(item, gone)
    const inTrash = item.moved.filter((move) => left.has(move))
    const where = inTrash.length === 0 ? [''] : ['In the trash until it is restored:', ...inTrash.map(({ to }) => to)]
    return { key: item.key, moved: inTrash, outcome: { outcome, detail: `${why} ${where.join(' ')}`.trimEnd() } }
  })
}

/** The items that a file which was not moved keeps where they are, each with why. */
function thoseThatStay(
  planned: readonly PlannedItem[],
  stuck: ReadonlyMap<string, string>,
): ReadonlyMap<PlannedItem, string> {
  const down = new Map<PlannedItem, string>()
  const keeps = new Map(stuck)
  for (let known = -1; keeps.size !== known && stuck.size > 0; ) {
    known = keeps.size
    for (const item of planned) {
      const why = item.moved.flatMap(({ from }) => keeps.get(from) ?? []).at(0)
      if (why === undefined || down.has(item)) continue
      down.set(item, why)
      for (const { from } of item.moved) if (!keeps.has(from)) keeps.set(from, why)
    }
  }
  return down
}

function whole({ key, moved }: PlannedItem, gone: ReadonlySet<string>): AsideItem {
  const inTrash = moved.filter(({ from }) => !gone.has(from))
  if (inTrash.length === 0) return { key, moved: [], outcome: { outcome: 'changed', detail: 'Its records are gone.' } }
  const missing = moved.flatMap(({ from }) => (gone.has(from) ? [from] : []))
  const but = missing.length === 0 ? '' : ` Gone already: ${missing.join(' ')}`
  const detail = `Its records lie in the trash and can be restored.${but}`
  return { key, moved: inTrash, outcome: { outcome: 'dismissed', detail } }
}
