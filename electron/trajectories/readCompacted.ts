import { type FieldReader, isObject, type JsonObject } from './fieldReader'
import type { Reading } from './reading'

/**
 * A compacted record in the shape of a trajectory: its groups of decisions become chapters, its learnings the
 * retrospective. Source: docs/formats-trajectories.md, "Compacted records".
 */
export function readCompacted(value: JsonObject, reader: FieldReader): Partial<Reading> {
  const range = isObject(value.dateRange) ? value.dateRange : {}
  const summary = isObject(value.summary) ? value.summary : {}
  const sources = reader.texts(value, 'sourceTrajectories')
  const compactedAt = reader.time(value, 'compactedAt')
  const chapters = reader.objects(value, 'decisionGroups', (group) => {
    const category = reader.text(group, 'category', '(no category)')
    const events = reader.objects(group, 'decisions', (decision) => {
      const question = reader.text(decision, 'question', '')
      const chosen = reader.text(decision, 'chosen', '')
      const reasoning = reader.optionalText(decision, 'reasoning') ?? ''
      return {
        at: null,
        type: 'decision',
        content: `${question}: ${chosen}`,
        significance: null,
        tags: [],
        confidence: null,
        decision: { question, chosen, alternatives: [], reasoning, confidence: null },
      }
    })
    return { id: category, title: category, agentName: '', startedAt: null, endedAt: null, events }
  })
  const eventCount = chapters.reduce((sum, chapter) => sum + chapter.events.length, 0)
  const agents = reader.under('summary', () => reader.texts(summary, 'uniqueAgents'))
  const id = reader.text(value, 'id', '')
  return {
    ...(id === '' ? {} : { id }),
    kind: 'compacted',
    title: `Compacted: ${sources.length} ${sources.length === 1 ? 'trajectory' : 'trajectories'}`,
    status: 'compacted',
    startedAt: reader.under('dateRange', () => reader.optionalTime(range, 'start')),
    completedAt: compactedAt,
    agents,
    chapterCount: chapters.length,
    eventCount,
    decisionCount: eventCount,
    participants: agents.map((name) => ({ name, role: '', joinedAt: null, leftAt: null })),
    chapters,
    retrospective: {
      summary: reader.optionalText(value, 'narrative') ?? '',
      approach: '',
      confidence: null,
      decisions: [],
      challenges: [],
      learnings: [...reader.texts(value, 'keyLearnings'), ...reader.texts(value, 'keyFindings')],
      suggestions: [],
      timeSpent: null,
    },
    commits: reader.texts(value, 'commits'),
    filesChanged: reader.texts(value, 'filesAffected'),
    workflowId: reader.optionalText(value, 'workflowId'),
    sources,
  }
}
