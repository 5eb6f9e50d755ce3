import { randomBytes } from 'node:crypto'
import { deliveryWays as allWays, type DeliveryWay, type Preview } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import { deliveryWays } from '../../shared/rules/deliveryWays'
import { dropOldest } from '../../shared/rules/dropOldest'
import type { ItemRef } from './beginOperation'
import { dismissable } from './dismissItems'
import type { FoldedItem } from './foldItem'
import type { MountView } from './mountStore'

/** A set of items with the versions that a person was shown. */
export interface FrozenSet {
  readonly act: Preview['act']
  readonly refs: readonly ItemRef[]
}

export interface FrozenSets {
  /** Freezes these items and tells what would be done to each. */
  readonly freeze: (
    act: Preview['act'],
    items: readonly { readonly folded: FoldedItem; readonly view: MountView }[],
  ) => Preview
  /** Throws `not_found` for a set that is not kept any more, or was shown for another act. */
  readonly take: (setId: string, act: Preview['act']) => FrozenSet
}

const keptSets = 20
const shownItems = 500

/** Keeps the last sets that were shown, so that a set of any size is named by one short id. */
export function createFrozenSets(): FrozenSets {
  const sets = new Map<string, FrozenSet>()
  return {
    freeze: (act, items) => {
      const setId = `set_${randomBytes(8).toString('hex')}`
      const paths = new Set(items.flatMap(({ folded }) => folded.item.path ?? []))
      const judged = items.map(({ folded, view }) => ({ folded, ...judge(act, folded, { view, paths }) }))
      sets.set(setId, { act, refs: items.map(({ folded: { item } }) => ({ key: item.key, version: item.version })) })
      dropOldest(sets, keptSets)
      const count = (test: (one: (typeof judged)[number]) => boolean): number => judged.filter(test).length
      const of = (way: DeliveryWay): number => count((one) => one.way === way)
      return {
        setId,
        act,
        items: judged.slice(0, shownItems).map(({ folded: { item }, way, reason }) => ({
          key: item.key,
          version: item.version,
          path: item.path,
          way,
          reason,
        })),
        counts: {
          ...(Object.fromEntries(allWays.map((way) => [way, of(way)])) as Record<DeliveryWay, number>),
          dismiss: act === 'dismiss' ? count(({ reason }) => reason === null) : 0,
          refused: count(({ reason }) => reason !== null),
        },
        total: items.length,
        cut: items.length > shownItems,
      }
    },
    take: (setId, act) => {
      const set = sets.get(setId)
      if (!set || set.act !== act)
        throw new RundeskError('not_found', 'What was shown is not kept any more. Look at it again, then decide.')
      return set
    },
  }
}

function judge(
  act: Preview['act'],
  folded: FoldedItem,
  { view, paths }: { readonly view: MountView; readonly paths: ReadonlySet<string> },
): { readonly way: DeliveryWay | null; readonly reason: string | null } {
  if (act === 'dismiss') return { way: null, reason: dismissable(folded, view, paths).refusal?.detail ?? null }
  const { ways, reason } = deliveryWays(folded.facts)
  return { way: ways[0] ?? null, reason }
}
