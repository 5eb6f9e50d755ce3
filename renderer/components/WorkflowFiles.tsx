import { useEffect, useRef } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import type { WorkflowFileEntry } from '../../shared/workflows'
import { isFocusFree } from '../state/focus'
import controls from '../styles/controls.module.css'
import rowStyles from '../styles/rows.module.css'
import { startTexts } from '../texts/en/start'
import { counted } from '../texts/words'
import styles from './WorkflowFiles.module.css'

/** The workflow files of a workspace. Arrow keys, `j`, `k`, Home and End move. */
export function WorkflowFiles({
  files,
  chosen,
  onChoose,
}: {
  readonly files: readonly WorkflowFileEntry[]
  readonly chosen: string | null
  readonly onChoose: (file: string) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isFocusFree()) list.current?.focus()
  }, [])
  const at = files.findIndex(({ file }) => file === chosen)
  const onKey = (event: React.KeyboardEvent<HTMLElement>): void => {
    const to = targetOf(event, { at, count: files.length })
    const entry = to === null ? undefined : files[to]
    if (!entry) return
    event.preventDefault()
    onChoose(entry.file)
    event.currentTarget.children[to ?? 0]?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <div
      ref={list}
      role="listbox"
      aria-label={startTexts.workflowFiles}
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : `workflow-file-${at}`}
      className={styles.files}
      onKeyDown={onKey}
    >
      {files.map((entry, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
        <div
          key={entry.file}
          id={`workflow-file-${index}`}
          role="option"
          aria-selected={entry.file === chosen}
          tabIndex={-1}
          className={`${rowStyles.row} ${styles.file} ${entry.file === chosen ? rowStyles.selected : ''}`}
          onClick={() => onChoose(entry.file)}
        >
          <span className={`${controls.ellipsis} ${styles.name}`}>{entry.name}</span>
          {entry.workflows.length > 1 && (
            <span className={controls.secondary}>{counted(entry.workflows.length, startTexts.workflow)}</span>
          )}
          <span className={`mono ${controls.secondary} ${controls.ellipsis} ${styles.path}`} title={entry.file}>
            {entry.file}
          </span>
          {entry.error !== null && (
            <span className={`${controls.ellipsis} ${styles.error}`} title={entry.error}>
              ✕ {entry.error}
            </span>
          )}
          {entry.error === null && entry.description && (
            <span className={`${controls.ellipsis} ${controls.secondary} ${styles.wide}`} title={entry.description}>
              {entry.description}
            </span>
          )}
        </div>
      ))}
    </div>
  )
}

function targetOf(
  event: React.KeyboardEvent,
  { at, count }: { readonly at: number; readonly count: number },
): number | null {
  if (isKey(event, 'next')) return Math.min(count - 1, at + 1)
  if (isKey(event, 'previous')) return Math.max(0, at - 1)
  if (isKey(event, 'first')) return 0
  return isKey(event, 'last') ? count - 1 : null
}
