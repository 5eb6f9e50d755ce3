import { useState } from 'react'
import type { LogFilter } from '../../shared/logs'
import type { LogLevel } from '../../shared/rules/logLevel'
import type { RunDetail, Step } from '../../shared/runs'
import { EmptyMessage } from '../components/ListStates'
import { logsTexts } from '../texts/en/logs'
import { AttemptLog, type ChosenAttempt } from './AttemptLog'

/** The log of the chosen step's attempts. */
export function LogScreen({
  run,
  step,
  onSelect,
}: {
  readonly run: RunDetail
  readonly step: Step | undefined
  readonly onSelect: (stepId: string) => void
}) {
  const [attempt, setAttempt] = useState<ChosenAttempt | null>(null)
  const [stream, setStream] = useState<LogFilter>('all')
  const [level, setLevel] = useState<LogLevel>('all')
  if (!step) return <EmptyMessage title={logsTexts.thisRunHasNoSteps} />
  const number = attempt ?? step.attempts.at(-1)?.number ?? null
  return (
    <AttemptLog
      key={`${step.id} ${number}`}
      run={run}
      step={step}
      attempt={number}
      stream={stream}
      level={level}
      onStep={(stepId) => {
        setAttempt(null)
        onSelect(stepId)
      }}
      onAttempt={setAttempt}
      onStream={setStream}
      onLevel={setLevel}
    />
  )
}
