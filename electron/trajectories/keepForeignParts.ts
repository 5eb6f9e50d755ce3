import { isObject, type JsonObject } from './fieldReader'
import { approach, msOf, narrator } from './runStory'
import type { Merge } from './trajectoryDocument'

/**
 * Keeps what others put into a run's trajectory: their chapters, agents, events and fields, and a retrospective that is
 * not ours.
 */
export const keepForeignParts: Merge = (document, before) => {
  const { chapters, agents, retrospective: own, ...rest } = document
  const theirs =
    isObject(before.retrospective) && before.retrospective.approach !== approach ? before.retrospective : own
  return {
    ...rest,
    agents: keepOthers({ ours: objects(agents), theirs: objects(before.agents), key: 'name' }),
    chapters: keepOthers({ ours: objects(chapters), theirs: objects(before.chapters), key: 'id' }).sort(
      (left, right) => msOrZero(left.startedAt) - msOrZero(right.startedAt),
    ),
    ...(theirs === undefined ? {} : { retrospective: theirs }),
  }
}

function keepOthers({
  ours,
  theirs,
  key,
}: {
  readonly ours: readonly JsonObject[]
  readonly theirs: readonly JsonObject[]
  readonly key: string
}): JsonObject[] {
  const before = new Map(theirs.map((one) => [one[key], one]))
  const known = new Set(ours.map((one) => one[key]))
  const merged = ours.map((one) => {
    const old = before.get(one[key])
    return old ? { ...withoutEnd(old), ...withTheirEvents(one, old) } : one
  })
  return [...merged, ...theirs.filter((one) => !known.has(one[key]) && !isOwnChapter(one))]
}

/** Whether something of ours has ended is ours to say. */
function withoutEnd({ endedAt: _endedAt, leftAt: _leftAt, ...rest }: JsonObject): JsonObject {
  return rest
}

/** A chapter of ours that the run no longer has, because it was resumed. */
function isOwnChapter(chapter: JsonObject): boolean {
  return chapter.agentName === narrator && typeof chapter.id === 'string' && /^ch_[0-9a-f]{8}$/.test(chapter.id)
}

function withTheirEvents(ours: JsonObject, before: JsonObject): JsonObject {
  if (!Array.isArray(ours.events)) return ours
  const foreign = objects(before.events).filter(({ tags }) => !(Array.isArray(tags) && tags.includes(narrator)))
  const events = [...objects(ours.events), ...foreign]
  return foreign.length === 0
    ? ours
    : { ...ours, events: events.sort((left, right) => msOrZero(left.ts) - msOrZero(right.ts)) }
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function msOrZero(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? (msOf(value) ?? 0) : 0
}
