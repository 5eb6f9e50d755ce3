import { expect, test } from 'vitest'
import { keyDecisions } from './keyDecisions'

const decision = (question: string) => ({ question, chosen: 'left', alternatives: [], reasoning: '', confidence: null })
const event = { at: null, type: 'decision', content: '', significance: null, tags: [], confidence: null }
const chapter = { id: '', title: '', agentName: '', startedAt: null, endedAt: null }
const retrospective = {
  summary: '',
  approach: '',
  confidence: null,
  challenges: [],
  learnings: [],
  suggestions: [],
  timeSpent: null,
}

test('a decision that the retrospective tells again counts once', () => {
  const chapters = [
    {
      ...chapter,
      events: [
        { ...event, decision: decision('a') },
        { ...event, decision: null },
      ],
    },
  ]
  const found = keyDecisions({
    chapters,
    retrospective: { ...retrospective, decisions: [decision('b'), decision('a')] },
  })
  expect(found.map(({ question }) => question)).toEqual(['a', 'b'])
})
