import { useState } from 'react'
import type { SourceRunDetail, SourceStep } from '../../../shared/sourceRuns'
import { toHash } from '../../state/route'
import { sourceRoute } from '../../state/sourceRoute'
import type { SourceActs } from '../../state/useSourceActs'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { clock, fullTime } from '../../texts/times'
import inspector from '../StepInspector.module.css'
import { Tabs } from '../Tabs'
import { SourcePayload } from './SourcePayload'

type Evidence = 'Output' | 'Error'

/** The evidence of one step of a remote run, fetched when its tab is opened. */
export function SourceStepInspector({
  run,
  step,
  acts,
}: {
  readonly run: SourceRunDetail
  readonly step: SourceStep
  readonly acts: SourceActs
}) {
  const [tab, setTab] = useState<Evidence>(step.error === null ? 'Output' : 'Error')
  const { sourceId, id: runId } = run
  return (
    <section className={inspector.inspector} aria-label={sourcesTexts.stepName(step.name)}>
      <Tabs
        label={sourcesTexts.evidence}
        tabs={[{ name: 'Output' }, { name: 'Error' }]}
        chosen={tab}
        onChoose={setTab}
        aside={
          <>
            <span className={controls.spread} />
            {(['fork', 'rewind'] as const).map(
              (act) =>
                acts.permissions[act].kind !== 'refused' && (
                  <button key={act} type="button" className={controls.plain} onClick={() => acts.ask(act, step.id)}>
                    {act === 'fork' ? sourcesTexts.forkFromHere : sourcesTexts.rewindToHere}
                  </button>
                ),
            )}
          </>
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className={inspector.panel} aria-label={sourcesTexts.ofStep(tab, step.name)} tabIndex={0}>
          {step.childRunId !== null && (
            <p>
              <a className={controls.plain} href={toHash({ ...sourceRoute(sourceId), runId: step.childRunId })}>
                {sourcesTexts.startedRun}
              </a>{' '}
              <span className="mono">{step.childRunId}</span>
            </p>
          )}
          <p className={controls.secondary} title={fullTime(step.completedAt)}>
            {[clock(step.startedAt), clock(step.completedAt)].filter(Boolean).join(' – ')}
          </p>
          <SourcePayload
            {...{ sourceId, runId, stepId: step.id, part: tab === 'Error' ? 'error' : 'output' }}
            version={`${step.status} ${step.completedAt}`}
          />
        </section>
      </Tabs>
    </section>
  )
}
