import type { Timeline, TimelineQuery, TimelineRow } from '../../shared/timeline'
import { createBreath } from '../files/breath'
import { toStep } from './runView'
import { isUnfinished, type TimelineModel } from './timelineModel'

/** So many equal parts of the span are told. */
export const timelineParts = 120
/** A time in which nothing ran is long from this share of the whole on. */
const idleShare = 0.03

/** The part of a model that a query asks for. `nowMs` is the end of what still runs; null where nothing can run. */
export async function queryTimeline(
  model: TimelineModel,
  query: TimelineQuery & { readonly offset: number; readonly limit: number },
  { nowMs, unsavedIds }: { readonly nowMs: number | null; readonly unsavedIds: ReadonlySet<string> },
): Promise<Timeline> {
  const found = await matching(model, query, nowMs)
  const span = spanOf(model, nowMs)
  return {
    rows: found.slice(query.offset, query.offset + query.limit).flatMap((place) => toRow(model, place, unsavedIds)),
    total: found.length,
    at: query.stepId === null ? -1 : found.findIndex((place) => model.steps[place]?.id === query.stepId),
    errors: model.errors,
    span,
    idle: span === null ? [] : idleTimes(model, span, nowMs),
    parts: span === null ? { running: [], failed: [] } : countParts(model, span, nowMs),
    complete: true,
  }
}

/** A step as a row: when it was ready is known only once everything before it has ended. */
function toRow({ steps, ready }: TimelineModel, place: number, unsavedIds: ReadonlySet<string>): TimelineRow[] {
  const node = steps[place]
  const readyMs = ready[place] ?? Number.NaN
  return node ? [{ ...toStep(node, unsavedIds), readyMs: Number.isNaN(readyMs) ? null : readyMs }] : []
}

/** The places of the steps that match, in the order that is asked for. */
async function matching(model: TimelineModel, query: TimelineQuery, nowMs: number | null): Promise<readonly number[]> {
  const { steps, ready, start, end, failed } = model
  const search = query.search.trim().toLowerCase()
  const first: number[] = []
  const rest: number[] = []
  const breath = createBreath(1024)
  for (let place = 0; place < steps.length; place++) {
    const pause = breath()
    if (pause) await pause
    const step = steps[place]
    if (!step) continue
    if (query.errorsOnly && failed[place] === 0) continue
    if (search !== '' && !step.view.name.toLowerCase().includes(search)) continue
    const begin = start[place] ?? Number.NaN
    const from = ready[place] ?? Number.NaN
    if (query.toMs !== null && !((Number.isNaN(from) ? begin : from) <= query.toMs)) continue
    if (query.fromMs !== null && !(endOr(end[place] ?? Number.NaN, begin, nowMs) >= query.fromMs)) continue
    if (query.order === 'unfinished' && isUnfinished(step.view.status)) first.push(place)
    else rest.push(place)
  }
  return first.length === 0 ? rest : [...first, ...rest]
}

function endOr(end: number, begin: number, nowMs: number | null): number {
  return end === Number.POSITIVE_INFINITY ? (nowMs ?? begin) : end
}

function spanOf({ ready, attempts }: TimelineModel, nowMs: number | null): [number, number] | null {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (let at = 0; at < attempts.length; at += 2) {
    const begin = attempts[at] ?? 0
    from = Math.min(from, begin)
    to = Math.max(to, endOr(attempts[at + 1] ?? begin, begin, nowMs))
  }
  if (from === Number.POSITIVE_INFINITY) return null
  for (const time of ready) if (time < from) from = time
  return [from, Math.max(to, from + 1)]
}

/** Long times without an attempt. */
function idleTimes({ attempts }: TimelineModel, [from, to]: [number, number], nowMs: number | null) {
  const least = (to - from) * idleShare
  const order = Array.from({ length: attempts.length / 2 }, (_, index) => index * 2)
  const isSorted = order.every((at) => at === 0 || (attempts[at - 2] ?? 0) <= (attempts[at] ?? 0))
  if (!isSorted) order.sort((one, other) => (attempts[one] ?? 0) - (attempts[other] ?? 0))
  const idle: [number, number][] = []
  let busyTo = from
  for (const at of order) {
    const begin = attempts[at] ?? 0
    if (begin - busyTo >= least) idle.push([busyTo, begin])
    busyTo = Math.max(busyTo, endOr(attempts[at + 1] ?? begin, begin, nowMs))
  }
  return idle
}

function countParts(
  { attempts, attemptFailed }: TimelineModel,
  [from, to]: [number, number],
  nowMs: number | null,
): Timeline['parts'] {
  const running = new Array<number>(timelineParts).fill(0)
  const failed = new Array<number>(timelineParts).fill(0)
  const change = new Int32Array(timelineParts + 1)
  const partOf = (ms: number): number =>
    Math.max(0, Math.min(timelineParts - 1, Math.floor((timelineParts * (ms - from)) / (to - from))))
  for (let at = 0; at < attempts.length; at += 2) {
    const begin = attempts[at] ?? 0
    const last = partOf(endOr(attempts[at + 1] ?? begin, begin, nowMs))
    const first = partOf(begin)
    change[first] = (change[first] ?? 0) + 1
    change[last + 1] = (change[last + 1] ?? 0) - 1
    if (attemptFailed[at / 2] === 1) failed[last] = (failed[last] ?? 0) + 1
  }
  let now = 0
  for (let part = 0; part < timelineParts; part++) {
    now += change[part] ?? 0
    running[part] = now
  }
  return { running, failed }
}
