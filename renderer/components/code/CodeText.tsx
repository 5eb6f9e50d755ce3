import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import styles from './CodeText.module.css'
import { codeSetup, shadowOf } from './codeSetup'

interface CodeTextProps {
  readonly text: string
  readonly label: string
  /** Its ending tells what the text is. */
  readonly fileName: string
  /** Is told every change; without it the text can only be read. */
  readonly onChange?: (text: string) => void
  /** The text is shown as what became of this one. */
  readonly original?: string
}

/** A text of any length, with line numbers and search; to be read, written, or seen against another one. */
export function CodeText({ text, label, fileName, onChange, original }: CodeTextProps) {
  const host = useRef<HTMLDivElement>(null)
  const told = useRef(onChange)
  told.current = onChange
  const first = useRef(text)
  const readOnly = onChange === undefined
  /** A text that is written in belongs to the editor; one that is read is shown anew when it changes. */
  const shown = readOnly ? text : first.current
  useEffect(() => {
    if (!host.current) return
    const root = shadowOf(host.current)
    const view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: shown,
        extensions: [
          codeSetup({ label, fileName, readOnly }),
          original === undefined
            ? []
            : unifiedMergeView({
                original,
                mergeControls: false,
                collapseUnchanged: { margin: 3, minSize: 6 },
              }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    if (!readOnly) view.focus()
    return () => view.destroy()
  }, [shown, label, fileName, readOnly, original])
  return <div ref={host} className={styles.host} data-editor={readOnly ? undefined : ''} />
}
