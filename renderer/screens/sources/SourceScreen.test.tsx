// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { sourceFilters, sourceViews } from '../../../shared/sourceFilters'
import type { SourceRun } from '../../../shared/sourceRuns'
import { sourceActs } from '../../../shared/sourceRuns'
import type { Source } from '../../../shared/sources'
import { toHash, useRoute } from '../../state/route'
import { type SourceRoute, sourceRoute } from '../../state/sourceRoute'
import { type Answers, type Shown, show } from '../show.testkit'
import { SourceScreen } from './SourceScreen'

const source: Source = {
  ...{ id: 's1', name: 'shop', kind: 'dbos', where: 'db:5432/shop', access: 'write', revision: 1 },
  state: { kind: 'ready', since: '2026-01-01T00:00:00.000Z' },
  engine: { version: 'DBOS', schema: 'dbos' },
  knows: { attempts: false, runningStep: false, logs: false, totals: false, dependencies: false },
  statuses: ['PENDING', 'SUCCESS'],
  views: [...sourceViews],
  filters: [...sourceFilters],
  connections: { reading: { from: 'environment', variable: 'READ_URL' }, writing: null },
}
const makeRemoteRun = (id: string): SourceRun => ({
  ...{ sourceId: 's1', id, workflowName: `flow-${id}`, status: 'SUCCESS', phase: 'completed', note: null, error: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', startedAt: null, completedAt: null, updatedAt: null },
  ...{ queueName: null, executorId: null, applicationVersion: null, applicationName: null, recoveryAttempts: null },
  ...{ parentRunId: null, forkedFrom: null, wasForkedFrom: false, version: id },
  acts: Object.fromEntries(sourceActs.map((act) => [act, { kind: 'allowed' }])) as SourceRun['acts'],
})
const pageOf = (rows: readonly SourceRun[], more = false, newRuns = 0) => ({
  ...{ rows, more, total: null, newRuns, held: 'h1', asOf: '2026-01-01T12:00:00.000Z', revision: 1 },
})

function Screen() {
  const route = useRoute()
  return route.screen === 'source' && <SourceScreen route={route} />
}

function open({
  is = source,
  runs = () => pageOf([]),
  route = {},
  answers = {},
}: {
  readonly is?: Source
  readonly runs?: (input: { readonly offset: number; readonly held?: string }) => unknown
  readonly route?: Partial<SourceRoute>
  readonly answers?: Answers
} = {}): Shown {
  location.hash = toHash({ ...sourceRoute('s1'), ...route })
  return show(<Screen />, {
    'sources:list': () => ({ sources: [is], trouble: null, keychain: null }),
    'sources:operations': () => ({ operations: [], total: 0 }),
    'sources:watch': () => ({}),
    'sources:runs': runs,
    ...answers,
  })
}

const troubled: Source['state'] = {
  ...{ kind: 'trouble', code: 'refused', message: 'db:5432 refused the connection.' },
  ...{ since: '2026-01-01T12:00:00.000Z', retryAt: null },
}

test('each empty list says why it is empty', async () => {
  open()
  expect(await screen.findByText('No runs yet')).toBeTruthy()
  location.hash = toHash({ ...sourceRoute('s1'), view: 'dead-lettered' })
  expect(await screen.findByText('Nothing is dead-lettered')).toBeTruthy()
  location.hash = toHash({ ...sourceRoute('s1'), where: { workflowName: 'nothing' } })
  expect(await screen.findByText('Nothing matches')).toBeTruthy()
})

test('a source in trouble says what happened, and what was read stays', async () => {
  open({ is: { ...source, state: troubled }, runs: () => pageOf([makeRemoteRun('a')]) })
  expect((await screen.findByRole('alert')).textContent).toContain('db:5432 refused the connection.')
  expect(await screen.findByRole('option', { name: /flow-a/ })).toBeTruthy()
})

test('a source that was removed, and a run that was deleted, are told as gone', async () => {
  open({ is: { ...source, id: 'other' } })
  expect(await screen.findByText('There is no such source')).toBeTruthy()
})

test('a run that was deleted is told as gone, not as one without steps', async () => {
  const gone = { 'sources:run': () => ({ run: null }), 'sources:steps': () => ({ page: null }) }
  open({ route: { runId: 'deleted' }, answers: gone })
  expect(await screen.findByText('This run is gone')).toBeTruthy()
})

test('a hidden window says that it looks at nothing, and one that is back what it looks at', async () => {
  const { asked } = open()
  await screen.findByText('No runs yet')
  const watched = (): unknown =>
    asked
      .filter(({ channel }) => channel === 'sources:watch')
      .map(({ input }) => (input as { watched: unknown }).watched)
  const all = { kind: 'runs', view: 'all', where: {} }
  const become = (state: string): void => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: state })
    document.dispatchEvent(new Event('visibilitychange'))
  }
  become('hidden')
  become('visible')
  await waitFor(() => expect(watched()).toEqual([all, null, all]))
})

test('while somebody is down in the list it is asked for the list as it was, and new runs are counted', async () => {
  const rows = [makeRemoteRun('a'), makeRemoteRun('b')]
  const held: (string | undefined)[] = []
  const { person, tell } = open({
    runs: (input) => {
      held.push(input.held)
      return pageOf(rows, false, held.length > 1 ? 3 : 0)
    },
  })
  await screen.findByRole('option', { name: /flow-a/ })
  await person.keyboard('j')
  tell('sources:runsChanged', { sourceId: 's1', revision: 2 })
  await person.click(await screen.findByRole('button', { name: /3 new runs/ }))
  await waitFor(() => expect(held).toEqual([undefined, 'h1', undefined]))
})

test('a filter that the source does not know is not offered', async () => {
  open({ is: { ...source, filters: ['workflowName'], views: ['all'] } })
  const filters = await screen.findByLabelText('Filters of the runs')
  expect([
    within(filters).queryByLabelText('Workflow name') === null,
    within(filters).queryByLabelText('Queue') === null,
    screen.queryByRole('button', { name: 'Dead-lettered' }) === null,
  ]).toEqual([false, true, true])
})
