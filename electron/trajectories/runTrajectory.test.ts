import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { keepForeignParts } from './keepForeignParts'
import type { RunStory } from './runStory'
import { toRunTrajectory } from './runTrajectory'

/** What other tools check before they read or write a record (docs/formats-trajectories.md). */
const text = z.string().min(1)
const time = z.iso.datetime()
const decision = z.object({
  question: text,
  chosen: text,
  alternatives: z.array(z.object({ option: text, reason: z.string() })),
  reasoning: text,
})
const strict = z.strictObject({
  id: z.string().regex(/^traj_\d+_[0-9a-f]{8}$/),
  version: z.literal(1),
  task: z.strictObject({ title: text.max(500), source: z.strictObject({ system: text, id: text }) }),
  status: z.enum(['active', 'completed', 'abandoned']),
  startedAt: time,
  completedAt: time.optional(),
  agents: z.array(z.strictObject({ name: text, role: text, joinedAt: time, leftAt: time.optional() })),
  chapters: z.array(
    z.strictObject({
      id: text,
      title: text,
      agentName: text,
      startedAt: time,
      endedAt: time.optional(),
      events: z.array(
        z.strictObject({
          ts: z.number().int().positive(),
          type: text,
          content: text,
          raw: decision.optional(),
          significance: z.enum(['low', 'medium', 'high', 'critical']).optional(),
          tags: z.array(z.string()),
        }),
      ),
    }),
  ),
  retrospective: z
    .strictObject({
      summary: text,
      approach: text,
      confidence: z.number().min(0).max(1),
      decisions: z.array(decision).optional(),
      challenges: z.array(z.string()),
      learnings: z.array(z.string()),
      suggestions: z.array(z.string()).optional(),
      timeSpent: z.string(),
    })
    .optional(),
})

const at = (second: number): string => `2026-11-20T10:00:${String(second).padStart(2, '0')}.000Z`

function makeStep(name: string, change: Partial<RunStory['steps'][number]> = {}): RunStory['steps'][number] {
  return {
    id: `id-${name}`,
    name,
    status: 'completed',
    attempts: [{ number: 1, startedAt: at(1), completedAt: at(2), status: 'completed', error: null }],
    dependsOn: [],
    error: null,
    startedAt: at(1),
    completedAt: at(2),
    ...change,
  }
}

function makeRun(change: Partial<RunStory> = {}): RunStory {
  return {
    id: 'a4469ce2cc2db067dfa38fc0',
    workflowName: 'sync',
    status: 'completed',
    startedAt: at(0),
    completedAt: at(9),
    updatedAt: at(9),
    error: null,
    history: [{ at: at(0), act: 'start', by: 'ada@here', reason: null, previousError: null }],
    steps: [makeStep('fetch'), makeStep('push', { dependsOn: ['fetch'] })],
    ...change,
  }
}

const failedRun = makeRun({
  status: 'failed',
  error: 'Step "push" failed: exit code 1',
  steps: [
    makeStep('fetch'),
    makeStep('push', {
      status: 'failed',
      error: 'exit code 1',
      attempts: [
        { number: 1, startedAt: at(3), completedAt: at(4), status: 'failed', error: 'exit code 2' },
        { number: 2, startedAt: at(5), completedAt: at(6), status: 'failed', error: null },
      ],
    }),
    makeStep('notify', { status: 'skipped', dependsOn: ['push'], attempts: [], startedAt: null, completedAt: null }),
  ],
})

const told = (run: RunStory): unknown =>
  strict
    .parse(toRunTrajectory(run))
    .chapters.map(({ title, events }) => [title, events.map(({ type, content }) => `${type}: ${content}`)])

test('a completed run is told chapter by chapter', () => {
  expect(told(makeRun())).toEqual([
    ['Planning', ['note: Workflow "sync" started with 2 steps, 1 of them dependent.']],
    ['fetch', ['note: Step "fetch" started.', 'finding: Step "fetch" completed in 1 s.']],
    ['push', ['note: Step "push" started.', 'finding: Step "push" completed in 1 s.']],
    ['Retrospective', ['reflection: Workflow "sync" ended as completed: 2 of 2 steps completed.']],
  ])
})

test('a failed run tells its attempts, the decision to try again, and why steps were skipped', () => {
  expect(told(failedRun)).toEqual([
    ['Planning', ['note: Workflow "sync" started with 3 steps, 1 of them dependent.']],
    ['fetch', ['note: Step "fetch" started.', 'finding: Step "fetch" completed in 1 s.']],
    [
      'push',
      [
        'note: Step "push" started, attempt 1.',
        'error: Step "push" failed on attempt 1: exit code 2',
        'decision: Step "push" failed on attempt 1. What now: Try again',
        'note: Step "push" started, attempt 2.',
        'error: Step "push" failed: exit code 1',
      ],
    ],
    ['notify', ['decision: Should Step "notify" run: Skip it']],
    [
      'Retrospective',
      [
        'reflection: Workflow "sync" ended as failed: 1 of 3 steps completed, 1 failed, 1 skipped. Step "push" failed: exit code 1',
      ],
    ],
  ])
})

test('a retrospective says what went wrong and how to go on', () => {
  const { status, retrospective } = strict.parse(toRunTrajectory(failedRun))
  expect([status, retrospective]).toMatchObject([
    'abandoned',
    {
      confidence: 0.33,
      challenges: ['Step "push" failed: exit code 1'],
      suggestions: ['Mend step "push", then go on with: rundesk resume a4469ce2cc2db067dfa38fc0'],
      decisions: [
        { chosen: 'Try again' },
        { chosen: 'Skip it', reasoning: 'Step "push", which it depends on, failed.' },
      ],
    },
  ])
})

test('a going run is active, without an end, and has the id that it keeps', () => {
  const going = strict.parse(toRunTrajectory(makeRun({ status: 'running', completedAt: null })))
  expect([going.status, going.completedAt, going.retrospective, going.id]).toEqual([
    'active',
    undefined,
    undefined,
    strict.parse(toRunTrajectory(makeRun())).id,
  ])
})

test('what people made of the run are decisions', () => {
  const history = [
    ...makeRun().history,
    { at: at(5), act: 'resume' as const, by: 'bob@there', reason: null, previousError: 'exit code 1' },
  ]
  const planning = strict.parse(toRunTrajectory(makeRun({ history }))).chapters[0]
  expect(planning?.events[1]?.raw).toMatchObject({ chosen: 'Resume it', reasoning: 'It had ended with: exit code 1' })
})

test('an attempt that was rolled back, interrupted, or followed by a resume is told as what it was', () => {
  const again = { number: 2, startedAt: at(6), completedAt: at(7), status: 'completed', error: null } as const
  const first = { number: 1, startedAt: at(1), completedAt: at(2), status: 'completed', error: null } as const
  const run = makeRun({
    history: [...makeRun().history, { at: at(5), act: 'resume', by: 'bob', reason: null, previousError: null }],
    steps: [
      makeStep('rolled', { attempts: [first, again], completedAt: at(7) }),
      makeStep('killed', {
        attempts: [{ ...first, completedAt: null, status: 'interrupted' }, again],
        completedAt: at(7),
      }),
      makeStep('failed', { attempts: [{ ...first, status: 'failed', error: 'exit 1' }, again], completedAt: at(7) }),
    ],
  })
  expect((told(run) as readonly unknown[]).slice(1, -1)).toEqual([
    [
      'rolled',
      [
        'note: Step "rolled" started, attempt 1.',
        'note: Step "rolled" completed on attempt 1. It was run again later.',
        'note: Step "rolled" started, attempt 2.',
        'finding: Step "rolled" completed in 6 s.',
      ],
    ],
    [
      'killed',
      [
        'note: Step "killed" started, attempt 1.',
        'error: Step "killed" was interrupted on attempt 1: its runner ended.',
        'note: Step "killed" started, attempt 2.',
        'finding: Step "killed" completed in 6 s.',
      ],
    ],
    [
      'failed',
      [
        'note: Step "failed" started, attempt 1.',
        'error: Step "failed" failed on attempt 1: exit 1',
        'note: Step "failed" started, attempt 2.',
        'finding: Step "failed" completed in 6 s.',
      ],
    ],
  ])
})

test('a run of very many steps is told wave by wave', () => {
  const steps = Array.from({ length: 300 }, (_, number) =>
    makeStep(`s${number}`, { dependsOn: number < 150 ? [] : [`s${number - 150}`] }),
  )
  expect(
    (told(makeRun({ steps })) as readonly (readonly [string, readonly string[]])[]).map(([title, events]) => [
      title,
      events.length,
    ]),
  ).toEqual([
    ['Planning', 1],
    ['Wave 1', 300],
    ['Wave 2', 300],
    ['Retrospective', 1],
  ])
})

test('whatever a run holds, other tools can read its trajectory', () => {
  const odd = fc.oneof(fc.string(), fc.constantFrom('', at(3), '2026-11-20T10:00:00+02:00', '1900-01-01T00:00:00Z'))
  const oddTime = fc.option(odd)
  const step = fc.record({
    id: fc.string({ minLength: 1 }),
    name: fc.string(),
    status: fc.constantFrom('pending', 'running', 'completed', 'failed', 'skipped', ''),
    attempts: fc.array(
      fc.record({
        number: fc.integer(),
        startedAt: oddTime,
        completedAt: oddTime,
        status: fc.constantFrom('running' as const, 'completed' as const, 'failed' as const, 'interrupted' as const),
        error: fc.option(fc.string()),
      }),
    ),
    dependsOn: fc.array(fc.string()),
    error: fc.option(fc.string()),
    startedAt: oddTime,
    completedAt: oddTime,
  })
  const run = fc.record({
    id: fc.string({ minLength: 1 }),
    workflowName: fc.string({ maxLength: 800 }),
    status: fc.constantFrom('pending', 'running', 'completed', 'failed', 'cancelled', 'odd'),
    startedAt: oddTime,
    completedAt: oddTime,
    updatedAt: oddTime,
    error: fc.option(fc.string()),
    history: fc.array(
      fc.record({
        at: odd,
        act: fc.constantFrom('start' as const, 'resume' as const, 'cancel' as const, 'mark-failed' as const),
        by: fc.string({ minLength: 1 }),
        reason: fc.option(fc.string()),
        previousError: fc.option(fc.string()),
      }),
    ),
    steps: fc.array(step, { maxLength: 120 }),
  })
  fc.assert(
    fc.property(run, (story) => {
      strict.parse(toRunTrajectory(story))
    }),
    { numRuns: 60 },
  )
})

test('what others put into the trajectory of a going run stays', () => {
  const before = JSON.parse(JSON.stringify(toRunTrajectory(makeRun({ status: 'running', steps: [makeStep('fetch')] }))))
  before.chapters[1].events.push({ ts: 5, type: 'decision', content: 'theirs' })
  before.chapters[1].mood = 'calm'
  before.chapters.push({ id: 'chap_theirs', title: 'Their work', agentName: 'cy', startedAt: at(1), events: [] })
  before.agents.push({ name: 'cy', role: 'contributor', joinedAt: at(1) })
  const merged = keepForeignParts(toRunTrajectory(makeRun()), before)
  expect(merged).toMatchObject({
    agents: [{ name: 'rundesk' }, { name: 'ada@here' }, { name: 'cy' }],
    chapters: [
      { title: 'Planning' },
      { title: 'fetch', mood: 'calm', events: [{ content: 'theirs' }, {}, {}] },
      { title: 'push' },
      { id: 'chap_theirs' },
      { title: 'Retrospective' },
    ],
  })
})

test('a retrospective that somebody else wrote stays', () => {
  const theirs = { summary: 'Done by hand', approach: 'Thinking', confidence: 1 }
  expect(keepForeignParts(toRunTrajectory(makeRun()), { retrospective: theirs }).retrospective).toEqual(theirs)
})
