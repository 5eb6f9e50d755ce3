// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import type { ActResult, SourcePlan } from '../../../shared/sourceActs'
import type { SourceRunDetail } from '../../../shared/sourceRuns'
import { show } from '../../screens/show.testkit'
import { SourceActDialog } from './SourceActDialog'

const going: SourceRunDetail = {
  sourceId: 'shop',
  id: 'run-1',
  workflowName: 'pipeline',
  status: 'PENDING',
  phase: 'running',
  note: null,
  createdAt: null,
  startedAt: null,
  completedAt: null,
  updatedAt: null,
  error: null,
  queueName: null,
  executorId: null,
  applicationVersion: null,
  applicationName: null,
  recoveryAttempts: null,
  parentRunId: null,
  forkedFrom: null,
  wasForkedFrom: false,
  version: '1',
  acts: {
    cancel: { kind: 'allowed' },
    resume: { kind: 'allowed' },
    rerun: { kind: 'allowed' },
    fork: { kind: 'allowed' },
    rewind: { kind: 'allowed' },
    'mark-failed': { kind: 'allowed' },
  },
  facts: [],
}

const planOf = (version: string, refused: string | null): SourcePlan => ({
  steps: [],
  cut: false,
  says: [],
  refused,
  question: null,
  version,
})

/** The question whether to cancel a run that can be made to move on. */
function Asking() {
  const [version, setVersion] = useState('1')
  return (
    <>
      <button type="button" onClick={() => setVersion('2')}>
        Move on
      </button>
      <SourceActDialog
        run={{ ...going, version }}
        steps={[]}
        asked={{ act: 'cancel', stepId: null }}
        onClose={() => undefined}
      />
    </>
  )
}

/** Shows the question, says yes, and lets the run move on before `sources:act` is answered; gives what answers it. */
async function moveOnMeanwhile(refusedThen: string | null) {
  let resolve: (result: ActResult) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const answer = new Promise<ActResult>((yes, no) => {
    resolve = yes
    reject = no
  })
  let plans = 0
  const { person } = show(<Asking />, {
    'sources:planAct': () => (plans++ === 0 ? planOf('1', null) : planOf('2', refusedThen)),
    'sources:act': () => answer,
  })
  await person.click(await screen.findByRole('button', { name: 'Cancel the run' }))
  await person.click(screen.getByRole('button', { name: 'Move on' }))
  await waitFor(() => expect(plans).toBe(2))
  return { resolve, reject }
}

const alerts = () => screen.queryAllByRole('alert').map(({ textContent }) => textContent)

test('an act is told as asked for while the run moves on, and why it failed stays told', async () => {
  const answer = await moveOnMeanwhile(null)
  await screen.findByText('The server is asked…')
  answer.reject(new Error('The connection was lost.'))
  await waitFor(() => expect(alerts()).toEqual(['The connection was lost.']))
})

test('that the run has ended is not told as a refusal of the act that ended it', async () => {
  const answer = await moveOnMeanwhile('It was cancelled already.')
  await screen.findByText('The server is asked…')
  expect(alerts()).toEqual([])
  answer.resolve({ outcome: 'done', message: 'It is cancelled.', run: null, newRunId: null })
  await screen.findByText('Done.')
  expect(alerts()).toEqual([])
})
