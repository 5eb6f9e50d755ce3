import type { Chapter, Decision, Retrospective, TrajectoryContent, TrajectoryEvent } from '../../shared/trajectories'
import { createFieldReader, type FieldReader, isObject, type JsonObject } from './fieldReader'
import { readCompacted } from './readCompacted'
import type { Reading } from './reading'

const significances: readonly string[] = ['low', 'medium', 'high', 'critical']
const statuses: readonly string[] = ['active', 'completed', 'abandoned']
const runnerSystem = 'workflow-runner'

/**
 * Reads a trajectory of any version as far as it goes: every field that is not what it should be is a problem with its
 * name, and the rest is shown. Never throws. `fileId` is the id that the file's name tells. With `summary` the events are
 * checked but hold neither times nor decisions, which is what most of the work goes into.
 * Source: docs/formats-trajectories.md.
 */
export function readTrajectory(value: unknown, fileId: string, depth: 'whole' | 'summary' = 'whole'): Reading {
  const reader = createFieldReader()
  if (!isObject(value)) {
    reader.complain('file', 'holds no JSON object')
    return { ...nothing(fileId), ...counted(reader) }
  }
  if (value.type === 'compacted') return { ...nothing(fileId), ...readCompacted(value, reader), ...counted(reader) }
  const task = readTask(value, reader, fileId)
  const chapters = readChapters(value, reader, depth)
  const retrospective = isObject(value.retrospective)
    ? readRetrospective(value.retrospective, reader)
    : noRetrospective(value.retrospective, reader)
  const participants = reader.objects(value, 'agents', (agent) => ({
    name: reader.text(agent, 'name', '(unnamed)'),
    role: reader.text(agent, 'role', ''),
    joinedAt: reader.time(agent, 'joinedAt'),
    leftAt: reader.optionalTime(agent, 'leftAt'),
  }))
  const reading: Omit<Reading, 'problems' | 'problemCount'> = {
    id: readId(value, reader, fileId),
    kind: 'trajectory',
    title: task.title,
    status: readStatus(value, reader),
    startedAt: reader.time(value, 'startedAt'),
    completedAt: reader.optionalTime(value, 'completedAt'),
    runId: task.source?.system === runnerSystem ? task.source.id : null,
    agents: participants.map(({ name }) => name),
    chapterCount: chapters.length,
    eventCount: chapters.reduce((sum, chapter) => sum + chapter.events.length, 0),
    decisionCount: countDecisions(chapters, retrospective),
    tags: reader.texts(value, 'tags'),
    description: task.description,
    source: task.source,
    participants,
    chapters,
    retrospective,
    commits: reader.texts(value, 'commits'),
    filesChanged: reader.texts(value, 'filesChanged'),
    projectId: reader.optionalText(value, 'projectId'),
    workflowId: reader.optionalText(value, 'workflowId'),
    sources: [],
  }
  if (value.version !== 1) reader.complain('version', value.version === undefined ? 'is missing' : 'is not 1')
  return { ...reading, ...counted(reader) }
}

/** A file of which nothing can be read, with the reason. */
export function unreadableTrajectory(fileId: string, message: string): Reading {
  return { ...nothing(fileId), problems: [{ field: 'file', message }], problemCount: 1 }
}

function counted(reader: FieldReader): Pick<Reading, 'problems' | 'problemCount'> {
  return { problems: [...reader.problems()], problemCount: reader.problemCount() }
}

function nothing(fileId: string): Reading {
  return {
    id: fileId,
    kind: 'trajectory',
    title: fileId,
    status: 'unreadable',
    startedAt: null,
    completedAt: null,
    runId: null,
    agents: [],
    chapterCount: 0,
    eventCount: 0,
    decisionCount: 0,
    tags: [],
    problemCount: 0,
    description: null,
    source: null,
    participants: [],
    chapters: [],
    retrospective: null,
    commits: [],
    filesChanged: [],
    projectId: null,
    workflowId: null,
    sources: [],
    problems: [],
  }
}

function readId(value: JsonObject, reader: FieldReader, fileId: string): string {
  const id = reader.text(value, 'id', fileId)
  if (id !== fileId) reader.complain('id', `is ${JSON.stringify(id.slice(0, 80))}, but the file is named ${fileId}`)
  return id
}

function readStatus(value: JsonObject, reader: FieldReader): string {
  const status = reader.text(value, 'status', 'unknown')
  if (status !== 'unknown' && !statuses.includes(status))
    reader.complain('status', `is ${JSON.stringify(status.slice(0, 40))}; known are ${statuses.join(', ')}`)
  return status
}

function readTask(
  value: JsonObject,
  reader: FieldReader,
  fileId: string,
): Pick<TrajectoryContent, 'description' | 'source'> & { readonly title: string } {
  const { task } = value
  if (typeof task === 'string') {
    reader.complain('task', 'is a text, not an object')
    return { title: task || fileId, description: null, source: null }
  }
  if (!isObject(task)) {
    reader.complain('task', task === undefined ? 'is missing' : 'is not an object')
    return { title: fileId, description: null, source: null }
  }
  return reader.under('task', () => ({
    title: reader.text(task, 'title', fileId),
    description: reader.optionalText(task, 'description'),
    source: readSource(task.source, reader),
  }))
}

function readSource(value: unknown, reader: FieldReader): TrajectoryContent['source'] {
  if (value === undefined || value === null) return null
  if (!isObject(value)) {
    reader.complain('source', 'is not an object')
    return null
  }
  return reader.under('source', () => {
    const id = reader.text(value, 'id', '')
    const system = reader.text(value, 'system', 'unknown')
    return {
      system: id === '' && system === runnerSystem ? 'unknown' : system,
      id,
      url: reader.optionalText(value, 'url'),
    }
  })
}

function readChapters(value: JsonObject, reader: FieldReader, depth: 'whole' | 'summary'): Chapter[] {
  return reader.objects(value, 'chapters', (chapter) => ({
    id: reader.text(chapter, 'id', ''),
    title: reader.text(chapter, 'title', '(untitled)'),
    agentName: reader.text(chapter, 'agentName', ''),
    startedAt: reader.time(chapter, 'startedAt'),
    endedAt: reader.optionalTime(chapter, 'endedAt'),
    events: reader.objects(chapter, 'events', (event) => readEvent(event, reader, depth)),
  }))
}

function readEvent(event: JsonObject, reader: FieldReader, depth: 'whole' | 'summary'): TrajectoryEvent {
  const significance = reader.optionalText(event, 'significance')
  if (significance !== null && !significances.includes(significance))
    reader.complain(
      'significance',
      `is ${JSON.stringify(significance.slice(0, 40))}; known are ${significances.join(', ')}`,
    )
  const type = reader.text(event, 'type', 'unknown')
  return {
    at: readMs(event, reader, depth),
    type,
    content: reader.text(event, 'content', ''),
    significance,
    tags: reader.texts(event, 'tags'),
    confidence: reader.confidence(event, 'confidence'),
    decision: depth === 'whole' && type === 'decision' && isObject(event.raw) ? looseDecision(event.raw) : null,
  }
}

function readMs(event: JsonObject, reader: FieldReader, depth: 'whole' | 'summary'): string | null {
  const { ts } = event
  if (typeof ts === 'number' && Number.isInteger(ts) && ts > 0 && ts < 8.64e15)
    return depth === 'whole' ? new Date(ts).toISOString() : null
  reader.complain('ts', ts === undefined ? 'is missing' : 'is not a time in ms')
  const ms = typeof ts === 'string' ? Date.parse(ts) : Number.NaN
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

/** What an event keeps of its decision may have any shape: it is the content's business, and nobody refuses it. */
function looseDecision(raw: JsonObject): Decision | null {
  return typeof raw.question === 'string' || typeof raw.chosen === 'string'
    ? readDecision(raw, createFieldReader())
    : null
}

/** A decision, as far as it goes. Alternatives are texts or `{option, reason}`. */
function readDecision(value: JsonObject, reader: FieldReader): Decision {
  const alternatives = Array.isArray(value.alternatives) ? value.alternatives : []
  if (value.alternatives !== undefined && !Array.isArray(value.alternatives))
    reader.complain('alternatives', 'is not a list')
  return {
    question: reader.text(value, 'question', ''),
    chosen: reader.text(value, 'chosen', ''),
    alternatives: alternatives.flatMap((one: unknown, index) => {
      if (typeof one === 'string') return [{ option: one, reason: null }]
      if (isObject(one) && typeof one.option === 'string')
        return [{ option: one.option, reason: typeof one.reason === 'string' && one.reason !== '' ? one.reason : null }]
      reader.under('alternatives', () => reader.complain(index, 'is neither a text nor an option'))
      return []
    }),
    reasoning: reader.text(value, 'reasoning', ''),
    confidence: reader.confidence(value, 'confidence'),
  }
}

function readRetrospective(value: JsonObject, reader: FieldReader): Retrospective {
  return reader.under('retrospective', () => {
    if (value.confidence === undefined) reader.complain('confidence', 'is missing')
    return {
      summary: reader.text(value, 'summary', ''),
      approach: reader.text(value, 'approach', ''),
      confidence: reader.confidence(value, 'confidence'),
      decisions: reader.objects(value, 'decisions', (decision) => readDecision(decision, reader)),
      challenges: reader.texts(value, 'challenges'),
      learnings: reader.texts(value, 'learnings'),
      suggestions: reader.texts(value, 'suggestions'),
      timeSpent: reader.optionalText(value, 'timeSpent'),
    }
  })
}

function noRetrospective(value: unknown, reader: FieldReader): null {
  if (value !== undefined && value !== null) reader.complain('retrospective', 'is not an object')
  return null
}

/** A retrospective tells the decisions of the chapters again. */
function countDecisions(chapters: readonly Chapter[], retrospective: Retrospective | null): number {
  let count = 0
  for (const chapter of chapters) for (const event of chapter.events) if (event.type === 'decision') count++
  return Math.max(count, retrospective?.decisions.length ?? 0)
}
