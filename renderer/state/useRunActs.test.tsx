// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Run, RunDetail } from '../../shared/runs'
import { ActDialog } from '../components/ActDialog'
import { makeRun } from '../screens/runRows.testkit'
import { show } from '../screens/show.testkit'
import { useRunActs } from './useRunActs'

const stopped: Partial<Run> = { status: 'failed', workflowName: 'import' }

/** The acts on a run, by their keys, with what they ask first. */
function Acts({ run }: { readonly run: RunDetail }) {
  const { asking, stopAsking, perform } = useRunActs(run, { onPreview: () => undefined })
  return asking && <ActDialog act={asking} run={run} onClose={stopAsking} perform={perform} />
}

function showActs(change: Partial<Run>) {
  const untold = { state: {}, steps: [], history: [], parent: null, runner: null, workflowFile: null }
  const run: RunDetail = { ...makeRun('run-1', change), ...untold }
  return show(<Acts run={run} />, {
    'runs:cancel': () => ({ cancelled: true, status: 'cancelled', completedAt: null, message: '' }),
  })
}

test('the key of a cancel asks first, and says that it cannot be undone', async () => {
  const { person, asked } = showActs(stopped)
  await person.keyboard('c')
  expect([screen.getByRole('dialog').textContent?.includes('cannot be resumed'), asked]).toEqual([true, []])
})

test('a cancel that was said yes to is done, without claiming that a program is gone', async () => {
  const { person, asked } = showActs({ ...stopped, status: 'running', liveness: 'live', completedAt: null })
  await person.keyboard('c')
  await person.click(screen.getByRole('button', { name: 'Cancel run' }))
  await waitFor(() =>
    expect(asked).toEqual([
      { channel: 'runs:cancel', input: { workspaceId: 'here', runId: 'run-1', confirmed: false } },
    ]),
  )
})

test('of a run that another program may run, the cancel says that it is gone', async () => {
  const { person, asked } = showActs({ ...stopped, status: 'running', liveness: 'unconfirmed', completedAt: null })
  await person.keyboard('c')
  await person.click(screen.getByRole('button', { name: 'It is gone: cancel run' }))
  await waitFor(() => expect(asked.map(({ input }) => input)).toMatchObject([{ confirmed: true }]))
})

test('a run that is kept as it is stays', async () => {
  const { person, asked } = showActs(stopped)
  await person.keyboard('c')
  await person.click(screen.getByRole('button', { name: 'Keep as it is' }))
  expect([screen.queryByRole('dialog'), asked]).toEqual([null, []])
})
