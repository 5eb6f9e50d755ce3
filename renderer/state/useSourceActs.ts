import { useEffect, useState } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { type SourceAct, type SourceRunDetail, sourceActs } from '../../shared/sourceRuns'
import { useReadOnly } from './appInfo'
import { isPlainKey } from './keys'
import { showToast } from './toasts'

/** What is being asked about: an act, and the step that it begins at where it takes one. */
export interface AskedSourceAct {
  readonly act: SourceAct
  readonly stepId: string | null
}

export interface SourceActs {
  readonly permissions: SourceRunDetail['acts']
  /** The act whose preview is open; null when none is. */
  readonly asking: AskedSourceAct | null
  /** Opens the preview of an act, or tells why it is not offered. */
  readonly ask: (act: SourceAct, stepId?: string) => void
  readonly stopAsking: () => void
}

/** The acts on a remote run, also by the keys of resume, re-run and cancel. Each is shown before it is done. */
export function useSourceActs(run: SourceRunDetail): SourceActs {
  const [asking, setAsking] = useState<AskedSourceAct | null>(null)
  const readOnly = useReadOnly()
  const permissions =
    readOnly === null
      ? run.acts
      : (Object.fromEntries(
          sourceActs.map((act) => [act, { kind: 'refused', reason: readOnly }]),
        ) as SourceRunDetail['acts'])
  const ask = (act: SourceAct, stepId?: string): void => {
    const permission = permissions[act]
    if (permission.kind === 'refused') showToast({ tone: 'refused', text: permission.reason, action: null })
    else setAsking({ act, stepId: stepId ?? null })
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isPlainKey(event) || asking !== null) return
      if (isKey(event, 'resume')) ask('resume')
      else if (isKey(event, 'rerun')) ask('rewind')
      else if (isKey(event, 'cancel')) ask('cancel')
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return { permissions, asking, ask, stopAsking: () => setAsking(null) }
}
