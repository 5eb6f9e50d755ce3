import { dropOldest } from '../../shared/rules/dropOldest'
import { createBreath } from '../files/breath'
import { type SharedWork, shareWork } from '../files/sharedWork'
import type { ListContext } from './runFacts'
import {
  type RunLists as Lists,
  listRuns,
  narrowLists,
  type PlacedRun,
  type RunList,
  type RunListQuery,
} from './runList'
import { createRunOrders } from './runOrders'
import type { Session } from './session'

/** A list as it is now, and the one of which the rows are shown: the same, or an earlier one that is held. */
export interface Answer {
  readonly now: RunList
  readonly shown: RunList
  /** So many runs of `now` are not in `shown`, and so many of `shown` not in `now`. */
  readonly newRows: number
  readonly goneRows: number
}

/** A question, and what is aborted when nobody waits for its answer any more. */
type Asked = RunListQuery & { readonly signal?: AbortSignal | undefined }

/** The lists that windows look at. */
export interface RunLists {
  readonly list: (sessions: readonly Session[], query: Asked, context: ListContext) => Promise<RunList>
  /** As `list`; with the id of an earlier list its runs in its order, unless it is forgotten or a run of it is gone. */
  readonly ask: (
    sessions: readonly Session[],
    query: Asked & { readonly order?: string | undefined },
    context: ListContext,
  ) => Promise<Answer>
  /** An earlier list, unless it is forgotten. */
  readonly get: (order: string) => RunList | undefined
  /** Runs of a list, each as it is now; null when one of them is gone. */
  readonly slice: (list: RunList, from: number, to: number) => readonly PlacedRun[] | null
}

/**
 * Runs also change by growing old: an unchanged list is looked at again behind an answer after a while, and before one
 * where what is asked is about time.
 */
const [againMs, sortedMs, narrowedMs] = [30_000, 5_000, 1_000]
const [keptAnswers, keptLists] = [6, 12]
/** Of so many runs the first search is made ready, so long after they were listed, in ms. */
const [warmedRuns, warmAfterMs] = [10_000, 100]

interface Kept {
  /** All that the question says besides its search. */
  readonly rest: string
  readonly search: string
  readonly stamp: string
  readonly atMs: number
  readonly lists: SharedWork<Lists>
  /** The key of the answer that all of this was narrowed from: it stays as long, since its rows are held anyway. */
  readonly root: string
}

/**
 * Keeps the newest answers while nothing has changed, so that the pages of one list cost one look at the runs, and the
 * newest lists, so that what somebody looks at can stay where it is.
 */
export function createRunLists(): RunLists {
  const orders = createRunOrders()
  const answers = new Map<string, Kept>()
  const renewed = new WeakSet<Kept>()
  const lists = new Map<string, RunList>()
  const idsOf = new WeakMap<RunList, Map<Session, Set<string>>>()
  const differences = new WeakMap<RunList, WeakMap<RunList, number>>()

  const list: RunLists['list'] = async (sessions, { filter, search = '', where = {}, sort, signal }, context) => {
    const ids = sessions.map(({ folder }) => folder.id)
    const rest = JSON.stringify([ids, where, sort, context.staleAfterMs])
    const asked = search.trim().toLowerCase()
    const key = `${rest} ${asked}`
    const stamp = sessions.map(({ store, loose }) => `${store.revision()} ${loose.revision()}`).join()
    const isNarrowed = Object.keys(where).length > 0
    const freshMs = isNarrowed ? narrowedMs : sort?.by === 'duration' ? sortedMs : Number.POSITIVE_INFINITY
    /** Whoever types asks for a part of what there was. */
    const wider = (): Kept | undefined =>
      isNarrowed
        ? undefined
        : [...answers.values()].findLast(
            (one) =>
              one.rest === rest &&
              one.stamp === stamp &&
              one.search !== asked &&
              asked.includes(one.search) &&
              !one.lists.isStopped() &&
              context.nowMs - one.atMs < Math.min(freshMs, againMs),
          )
    const look = async (wide: Kept | undefined, stop: AbortSignal): Promise<Lists> => {
      const from = await wide?.lists.join(stop).catch(() => undefined)
      if (from) return narrowLists(from.all, { search, where, sort }, { ...context, signal: stop })
      return listRuns(sessions, { search, where, sort }, { ...context, orders, signal: stop })
    }
    const make = (): Kept => {
      const wide = wider()
      const lists = shareWork((stop) => look(wide, stop))
      return { rest, search: asked, stamp, atMs: wide?.atMs ?? context.nowMs, lists, root: wide?.root ?? key }
    }
    const keep = (made: Kept): Kept => {
      const root = answers.get(made.root)
      if (root && answers.delete(made.root)) answers.set(made.root, root)
      answers.delete(key)
      answers.set(key, made)
      dropOldest(answers, keptAnswers)
      made.lists.done.catch(() => {
        if (answers.get(key) === made) answers.delete(key)
      })
      return made
    }
    /** Nobody waits for what is looked at again only because time went by. */
    const renew = (old: Kept): void => {
      renewed.add(old)
      const made = make()
      made.lists.done.then(
        () => answers.get(key) === old && keep(made),
        () => renewed.delete(old),
      )
    }
    const known = answers.get(key)
    const isFit = known?.stamp === stamp && !known.lists.isStopped() && context.nowMs - known.atMs < freshMs
    if (known && isFit && context.nowMs - known.atMs >= againMs && !renewed.has(known)) renew(known)
    const answer = (await (known && isFit ? known : keep(make())).lists.join(signal))[filter]
    lists.delete(answer.id)
    lists.set(answer.id, answer)
    dropOldest(lists, keptLists)
    return answer
  }

  const ids = async (of: RunList): Promise<Map<Session, Set<string>>> => {
    const known = idsOf.get(of)
    if (known) return known
    const made = new Map<Session, Set<string>>()
    const breath = createBreath()
    for (let index = 0; index < of.total; index++) {
      const pause = breath()
      if (pause) await pause
      const place = of.at(index)
      if (!place) continue
      const set = made.get(place.session) ?? new Set<string>()
      made.set(place.session, set.add(place.run.id))
    }
    idsOf.set(of, made)
    return made
  }

  /** How many runs of the one are not in the other. */
  const beyond = async (one: RunList, other: RunList): Promise<number> => {
    if (one === other) return 0
    const known = differences.get(one)?.get(other)
    if (known !== undefined) return known
    const held = await ids(other)
    const breath = createBreath()
    let count = 0
    for (let index = 0; index < one.total; index++) {
      const pause = breath()
      if (pause) await pause
      const place = one.at(index)
      if (place && !held.get(place.session)?.has(place.run.id)) count++
    }
    differences.set(one, (differences.get(one) ?? new WeakMap<RunList, number>()).set(other, count))
    return count
  }

  const slice: RunLists['slice'] = (of, from, to) => {
    const places: PlacedRun[] = []
    for (let index = from; index < Math.min(to, of.total); index++) {
      const place = of.at(index)
      const run = place && (place.session.store.get(place.run.id) ?? place.session.loose.get(place.run.id))
      if (!place || !run) return null
      places.push({ session: place.session, run })
    }
    return places
  }

  let isWarm = false
  /** Code that has never run is slow: the first key of a search in a window would wait for it. */
  const warmUp = (shown: RunList, context: ListContext): void => {
    if (isWarm || shown.total < warmedRuns) return
    isWarm = true
    const { signal } = new AbortController()
    setTimeout(() => void narrowLists(shown, { search: 'e' }, { ...context, signal }), warmAfterMs).unref()
  }

  return {
    list,
    slice,
    get: (order) => lists.get(order),
    ask: async (sessions, { order, ...query }, context) => {
      const now = await list(sessions, query, context)
      warmUp(now, context)
      const shown = order === undefined ? undefined : lists.get(order)
      if (!shown || shown === now || order === undefined) return { now, shown: now, newRows: 0, goneRows: 0 }
      lists.delete(order)
      lists.set(order, shown)
      const newRows = await beyond(now, shown)
      return { now, shown, newRows, goneRows: shown.total - (now.total - newRows) }
    },
  }
}
