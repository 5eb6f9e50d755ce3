import { Eye } from 'lucide-react'
import { useEffect } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import type { RunDetail } from '../../shared/runs'
import { useClient } from '../state/client'
import { isPlainKey } from '../state/keys'
import { shownKeyOf } from '../state/shortcutKeys'
import { refuse, showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import styles from './WatchButton.module.css'

/** Asks to hear of the end of a run that goes, or not any more; also by the key `w`. */
export function WatchButton({
  run,
}: {
  readonly run: Pick<RunDetail, 'workspaceId' | 'id' | 'status' | 'workflowName'>
}) {
  const client = useClient()
  const { workspaceId, id: runId, workflowName } = run
  const goes = run.status === 'running' || run.status === 'pending'
  const { value } = useMirror(
    `watched ${workspaceId} ${runId}`,
    (asking) => asking.request('notices:watched', { workspaceId, runId }),
    ['notices:changed'],
  )
  const watched = value?.watched ?? false
  const toggle = (): void => {
    client.request('notices:watch', { workspaceId, runId, on: !watched }).then((answer) => {
      const text = answer.watched
        ? runTexts.youWillHearWhenEnds(workflowName)
        : runTexts.isNotWatchedAnyMore(workflowName)
      showToast({ tone: 'done', text, action: null })
    }, refuse)
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'watch') || !goes || !isPlainKey(event)) return
      event.preventDefault()
      toggle()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  if (!goes) return null
  return (
    <button
      type="button"
      className={`${controls.button} ${styles.watch}`}
      aria-pressed={watched}
      title={runTexts.whenItEndsKey(watched ? runTexts.youHear : runTexts.hear, shownKeyOf('watch'))}
      onClick={toggle}
    >
      <Eye size={14} aria-hidden /> {watched ? runTexts.watched : runTexts.watch}
    </button>
  )
}
