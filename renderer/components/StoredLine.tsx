import type { RunDetail, Step } from '../../shared/runs'
import { useClient } from '../state/client'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { PayloadText } from './PayloadText'

/** So much of a line is fetched at first, and at most, in characters. */
const firstCharacters = 64 * 1024
const mostCharacters = 64 * 1024 * 1024

/** The newest stored line of a step, or with null of the run itself, as it stands in the file, fetched when it is shown. */
export function StoredLine({ run, step }: { readonly run: RunDetail; readonly step: Step | null }) {
  const client = useClient()
  const asked = { workspaceId: run.workspaceId, runId: run.id, stepId: step?.id ?? null }
  const newest = step ? `${step.id} ${step.status} ${step.attempts.length}` : `run ${run.status} ${run.updatedAt}`
  const { value, failure } = useMirror(
    `raw ${run.id} ${newest}`,
    (asker) => asker.request('runs:raw', { ...asked, maxCharacters: firstCharacters }),
    [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>{runTexts.loadingDots}</p>
  return (
    <>
      <p className={controls.secondary}>
        {value.line === null ? runTexts.notWrittenYet : runTexts.lineOf(value.line, run.source.path)}
      </p>
      {value.cut ? (
        <PayloadText
          label={runTexts.theLine}
          text={value.text}
          fetchWhole={async () => (await client.request('runs:raw', { ...asked, maxCharacters: mostCharacters })).text}
        />
      ) : (
        <PayloadText label={runTexts.theLine} text={pretty(value.text)} />
      )}
    </>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
