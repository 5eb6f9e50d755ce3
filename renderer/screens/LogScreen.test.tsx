// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { LogLines } from '../../shared/logs'
import type { RunDetail, Step } from '../../shared/runs'
import { LogScreen } from './LogScreen'
import { makeRun } from './runRows.testkit'
import { show } from './show.testkit'

const attempt: Step['attempts'][number] = {
  number: 1,
  startedAt: '2026-01-02T03:04:05.000Z',
  completedAt: '2026-01-02T03:05:05.000Z',
  status: 'completed',
  error: null,
}
const stepOf = (attempts: Step['attempts']): Step => ({
  ...{ id: 'step-1', name: 'push', type: 'deterministic', status: 'completed', attempts, dependsOn: [], error: null },
  ...{ output: null, outputBytes: null, startedAt: null, completedAt: null, saved: true },
})
const noLog: LogLines = { found: false, complete: true, totalLines: 0, sizeBytes: 0, lines: [] }

function showLog({ attempts, log }: { readonly attempts: Step['attempts']; readonly log: LogLines }): void {
  const step = stepOf(attempts)
  const untold = { state: {}, history: [], parent: null, runner: null, workflowFile: null }
  const run: RunDetail = { ...makeRun('run-1'), ...untold, steps: [step] }
  show(<LogScreen run={run} step={step} onSelect={() => undefined} />, { 'runs:logLines': () => log })
}

test('where no log was kept, the screen says whose logs are kept, and offers nothing to do with one', async () => {
  showLog({ attempts: [attempt], log: noLog })
  await waitFor(() => expect(screen.getByRole('heading', { name: 'No log' })).toBeDefined())
  expect([
    screen.getByRole('status').textContent?.includes('Rundesk itself runs'),
    screen.queryByRole('button', { name: 'First error' }),
    screen.queryByRole('combobox', { name: 'Step' }) === null,
  ]).toEqual([true, null, false])
})

test('of a step that has not run, that is said', async () => {
  showLog({ attempts: [], log: noLog })
  await waitFor(() => expect(screen.getByRole('status').textContent).toContain('This step has not run.'))
})

test('a log that was kept says how many lines it has', async () => {
  const line = { number: 1, offset: 0, stream: 'stdout', text: '31 tickets', cut: false } as const
  showLog({ attempts: [attempt], log: { ...noLog, found: true, totalLines: 1, sizeBytes: 11, lines: [line] } })
  await waitFor(() => expect(screen.getByRole('status', { name: 'Log' }).textContent).toBe('1 line'))
  expect(screen.getByRole('button', { name: 'First error' })).toBeDefined()
})
