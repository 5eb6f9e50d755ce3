import { expect, test } from 'vitest'
import { readTrajectory } from './readTrajectory'
import { makeDocument } from './trajectories.testkit'

const whole = makeDocument()
const chapter = (events: unknown): object => ({
  id: 'c',
  title: 'Work',
  agentName: 'ada',
  startedAt: '2026-02-03T10:00:00Z',
  events,
})
const problemsOf = (change: object): readonly string[] =>
  readTrajectory(makeDocument({ ...change }), 'traj_one').problems.map(({ field, message }) => `${field} ${message}`)

test('a whole record has no problem', () => {
  expect(readTrajectory(whole, 'traj_one')).toMatchObject({
    problemCount: 0,
    title: 'Mend the import',
    status: 'completed',
    agents: ['ada'],
    eventCount: 1,
  })
})

test.each([
  [{ task: 'Mend the import' }, 'task is a text, not an object'],
  [{ task: undefined }, 'task is missing'],
  [{ task: { title: 7 } }, 'task.title is a number, not a text'],
  [{ task: { title: 'x', source: 'gh' } }, 'task.source is not an object'],
  [{ status: 'done' }, 'status is "done"; known are active, completed, abandoned'],
  [{ startedAt: '2026-02-03T10:00:00+01:00' }, 'startedAt is "2026-02-03T10:00:00+01:00", not a time that ends in Z'],
  [{ completedAt: 5 }, 'completedAt is a number, not a time'],
  [{ version: 2 }, 'version is not 1'],
  [{ agents: [null] }, 'agents[0] is null, not an object'],
  [{ agents: { name: 'ada' } }, 'agents is an object, not a list'],
  [{ commits: ['a', 1] }, 'commits[1] is a number, not a text'],
  [{ retrospective: 'fine' }, 'retrospective is not an object'],
  [
    { retrospective: { summary: 's', approach: 'a', confidence: 2 } },
    'retrospective.confidence is 2, not a number from 0 to 1',
  ],
  [{ chapters: [chapter([{ ts: 0, type: 'note', content: 'x' }])] }, 'chapters[0].events[0].ts is not a time in ms'],
  [{ chapters: [chapter([{ ts: 1, type: 'note', content: '' }])] }, 'chapters[0].events[0].content is empty'],
  [
    { chapters: [chapter([{ ts: 1, type: 'note', content: 'x', significance: 'root_cause' }])] },
    'chapters[0].events[0].significance is "root_cause"; known are low, medium, high, critical',
  ],
])('one wrong field is one problem with its name: %j', (change, problem) => {
  expect(problemsOf(change)).toEqual([problem])
})

test('what is right beside a wrong field is shown', () => {
  const reading = readTrajectory(
    makeDocument({ chapters: [chapter([{ ts: 'soon', type: 'note', content: 'kept', significance: 'vast' }])] }),
    'traj_one',
  )
  expect([reading.title, reading.chapters[0]?.events]).toEqual([
    'Mend the import',
    [{ at: null, type: 'note', content: 'kept', significance: 'vast', tags: [], confidence: null, decision: null }],
  ])
})

test('decisions are read in each of their forms', () => {
  const event = (raw: unknown): object => ({ ts: 1, type: 'decision', content: 'q: c', raw })
  const { chapters } = readTrajectory(
    makeDocument({
      chapters: [
        chapter([
          event({ question: 'q', chosen: 'c', reasoning: 'r' }),
          event({ question: 'q', chosen: 'c', alternatives: ['a', { option: 'b', reason: '' }, 7], reasoning: '' }),
          event('none'),
        ]),
      ],
    }),
    'traj_one',
  )
  expect(chapters[0]?.events.map(({ decision }) => decision)).toEqual([
    { question: 'q', chosen: 'c', alternatives: [], reasoning: 'r', confidence: null },
    {
      question: 'q',
      chosen: 'c',
      alternatives: [
        { option: 'a', reason: null },
        { option: 'b', reason: null },
      ],
      reasoning: '',
      confidence: null,
    },
    null,
  ])
})

test('the problems of a hopeless file are counted and only the first are named', () => {
  const events = Array.from({ length: 100 }, () => ({ ts: -1, type: 'note', content: 'x' }))
  const { problems, problemCount } = readTrajectory(makeDocument({ chapters: [chapter(events)] }), 'traj_one')
  expect([problems.length, problemCount]).toEqual([20, 100])
})

test.each([[null], [7], ['text'], [[]]])('%j is a problem and not a crash', (value) => {
  expect(readTrajectory(value, 'traj_one')).toMatchObject({ id: 'traj_one', status: 'unreadable', problemCount: 1 })
})

test('a record with another id than its file is shown under its own', () => {
  const reading = readTrajectory(makeDocument({ id: 'traj_two' }), 'traj_one')
  expect([reading.id, reading.problems[0]?.field]).toEqual(['traj_two', 'id'])
})
