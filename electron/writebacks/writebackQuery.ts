import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WritebackPage, writebackSorts } from '../../shared/contract'
import type { GroupState, WritebackGroup, WritebackState } from '../../shared/writebacks'
import { createBreath } from '../files/breath'
import type { FoldedItem } from './foldItem'
import { type Gathered, gather, type Said, toGroup } from './groups'
import { searchTexts } from './searchIndex'

type Sort = (typeof writebackSorts)[number]

export interface WritebackQuestion {
  readonly workspaceId: string | null
  readonly state?: WritebackState | undefined
  readonly groupKey?: string | undefined
  readonly groupState?: GroupState | undefined
  readonly provider?: string | undefined
  readonly mount?: string | undefined
  readonly search?: string | undefined
  readonly sort?: Sort | undefined
}

/** All that fits a question, of which a page is a part. */
export interface WritebackAnswer {
  readonly items: readonly FoldedItem[]
  readonly groups: readonly WritebackGroup[]
  readonly totals: WritebackPage['totals']
  readonly coverage: WritebackPage['coverage']
}

/**
 * Answers a question about many items: exact counts, causes, order. It gives up the thread every few ms. `said` tells
 * what people said about a cause.
 */
export async function answerQuestion(
  all: readonly FoldedItem[],
  question: WritebackQuestion,
  { said, nowMs }: { readonly said: (groupKey: string) => Said; readonly nowMs: number },
): Promise<WritebackAnswer> {
  await nextTurn() // Who asks one question behind the other would begin in the turn in which the last answer was made.
  const breathe = createBreath()
  const { state, groupKey, groupState, provider, mount, search, sort = 'path' } = question
  const picked: FoldedItem[] = []
  const chosen = mount === undefined && provider === undefined ? all : picked
  let withoutBody = 0
  for (const folded of all) {
    const pause = breathe()
    if (pause) await pause
    const { item } = folded
    if ((mount !== undefined && item.mount !== mount) || (provider !== undefined && item.provider !== provider))
      continue
    if (folded.texts.withoutBody) withoutBody++
    if (chosen !== all) picked.push(folded)
  }
  const found = await searchTexts(chosen, search ?? '', breathe)
  const gathered = new Map<string, Gathered>()
  for (const folded of found) {
    const pause = breathe()
    if (pause) await pause
    if (state === undefined || folded.item.state === state) gather(gathered, folded)
  }
  const groups: WritebackGroup[] = []
  for (const group of gathered.values()) {
    const pause = breathe()
    if (pause) await pause
    groups.push(toGroup(group, said(group.key), nowMs))
  }
  const shown = groups.filter((group) => groupState === undefined || group.state === groupState)
  const keys = groupState === undefined ? undefined : new Set(shown.map(({ key }) => key))
  const items: FoldedItem[] = []
  const totals: Partial<Record<WritebackState, number>> = {}
  for (const folded of found) {
    const pause = breathe()
    if (pause) await pause
    const { item } = folded
    if (groupKey !== undefined && item.groupKey !== groupKey) continue
    if (keys && !keys.has(item.groupKey)) continue
    totals[item.state] = (totals[item.state] ?? 0) + 1
    if (state === undefined || item.state === state) items.push(folded)
  }
  return {
    items: sort === 'path' ? items : items.sort(orders[sort]),
    groups: shown.sort((left, right) => right.undelivered - left.undelivered || right.count - left.count),
    totals,
    coverage: {
      searched: 'paths, messages and bodies',
      items: chosen.length,
      withoutBody,
    },
  }
}

const lastMs = ({ failedMs }: FoldedItem): number => failedMs.at(-1) ?? 0
const orders: Readonly<Record<Exclude<Sort, 'path'>, (left: FoldedItem, right: FoldedItem) => number>> = {
  newest: (left, right) => lastMs(right) - lastMs(left),
  oldest: (left, right) => (left.failedMs[0] ?? Infinity) - (right.failedMs[0] ?? Infinity),
  attempts: (left, right) => right.item.attempts - left.item.attempts,
  state: (left, right) => (left.item.state < right.item.state ? -1 : left.item.state > right.item.state ? 1 : 0),
}
