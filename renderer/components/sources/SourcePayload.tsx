import type { PayloadPart } from '../../../shared/sourceRuns'
import { useClient } from '../../state/client'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { ErrorText } from '../ErrorText'
import { PayloadText } from '../PayloadText'

/** So much of a value is fetched at first, and at most. */
const firstBytes = 4 * 1024
const mostBytes = 16 * 1024 * 1024

/** A value of a remote run, or of one of its steps: its beginning at first. */
export function SourcePayload({
  sourceId,
  runId,
  stepId,
  part,
  version,
}: {
  readonly sourceId: string
  readonly runId: string
  readonly stepId: string | null
  readonly part: PayloadPart
  /** Another one is read again. */
  readonly version: string
}) {
  const client = useClient()
  const asked = { sourceId, runId, stepId, part }
  const { value, failure } = useMirror(
    JSON.stringify([asked, version]),
    (asker) => asker.request('sources:payload', { ...asked, maxBytes: firstBytes }),
    [],
  )
  if (!value && failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>{sourcesTexts.loading}</p>
  if (!value.payload) return <p>{sourcesTexts.itIsGone}</p>
  const { text, bytes, cut } = value.payload
  if (text === null) return <p className={controls.secondary}>{sourcesTexts.nothingThere[part]}</p>
  if (part === 'error' && !cut) return <ErrorText text={text} />
  if (!cut) return <PayloadText label={part} text={text} />
  const fetchWhole = async (): Promise<string> =>
    (await client.request('sources:payload', { ...asked, maxBytes: mostBytes })).payload?.text ?? ''
  return <PayloadText label={part} text={text} sizeBytes={bytes} fetchWhole={fetchWhole} />
}
