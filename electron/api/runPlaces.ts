import { runFilters } from '../../shared/rules/runFilters'
import type { RunClass } from './runClasses'

// The functions of this file stand by themselves and know little but numbers: each first key of a search runs them cold,
// and those of a closure would never become warm.

/** What a class says of the runs in it: none hold what is sought, all do, those whose id does, or each has to be looked at. */
export const heldMarks = { none: 0, all: 1, byId: 2, byRun: 3 } as const

/** Runs of one order, of which some are looked for. */
export interface Sought {
  /** The class of each run. */
  readonly kinds: Uint32Array
  /** By class. */
  readonly marks: Uint8Array
  readonly looks: (place: number) => boolean
}

/** What was found so far: where in the order, and how many of each class. */
export interface Found {
  readonly places: Uint32Array
  readonly counts: Uint32Array
  total: number
}

/** Adds to `found` those of `places` that hold what is sought; `idHolds` has a 1 for each whose id does. */
export function takeHeld(
  places: Uint32Array,
  idHolds: Uint8Array,
  { kinds, marks, looks }: Sought,
  found: Found,
): void {
  const { places: to, counts } = found
  let { total } = found
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? 0
    const kind = kinds[place] ?? 0
    const mark = marks[kind]
    if (mark === heldMarks.none) continue
    if (mark !== heldMarks.all && idHolds[at] !== 1 && (mark === heldMarks.byId || !looks(place))) continue
    counts[kind] = (counts[kind] ?? 0) + 1
    to[total++] = place
  }
  found.total = total
}

/** So many places of an order from `start` on, where those at `all` are asked for; null: all are. */
export function placesFrom(all: Uint32Array | null, start: number, count: number): Uint32Array {
  if (all) return all.subarray(start, start + count)
  const places = new Uint32Array(count)
  for (let at = 0; at < count; at++) places[at] = start + at
  return places
}

/** What stands at these places. */
export function valuesAt(places: Uint32Array, values: Uint32Array): Uint32Array {
  const picked = new Uint32Array(places.length)
  for (let at = 0; at < places.length; at++) picked[at] = values[places[at] ?? 0] ?? 0
  return picked
}

/** Those that do not fit all runs. */
export const specialFilters = runFilters.filter((filter) => filter !== 'all')

/** The special filters that each class belongs to, a bit for each. */
export function filterBits(classes: readonly RunClass[]): Uint8Array {
  return Uint8Array.from(classes, ({ filters }) =>
    specialFilters.reduce((bits, filter, at) => (filters.includes(filter) ? bits | (1 << at) : bits), 0),
  )
}

/** Adds each of the places to the lists of the special filters that its run belongs to. */
export function takeSpecial(
  places: Uint32Array,
  { kinds, bits }: { readonly kinds: Uint32Array; readonly bits: Uint8Array },
  lists: readonly number[][],
): void {
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? 0
    const mine = bits[kinds[place] ?? 0] ?? 0
    if (mine === 0) continue
    for (let filter = 0; filter < lists.length; filter++) if ((mine & (1 << filter)) !== 0) lists[filter]?.push(place)
  }
}
