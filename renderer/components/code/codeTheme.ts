import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const mono = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--running)' },
  { tag: tags.string, color: 'var(--completed)' },
  { tag: tags.number, color: 'var(--orphaned)' },
  { tag: [tags.bool, tags.null], color: 'var(--waiting)' },
  { tag: tags.invalid, color: 'var(--failed)', textDecoration: 'underline wavy' },
])

/** The look of every text of a file, from the same tokens as the rest of the window. */
export function codeTheme(): Extension {
  const dark = document.documentElement.dataset.theme === 'dark'
  const theme = EditorView.theme(
    {
      '&': { height: '100%', backgroundColor: 'var(--bg-code)', color: 'var(--text)', fontSize: '12px' },
      '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
      '.cm-scroller': { fontFamily: mono, lineHeight: '1.5' },
      '.cm-content': { caretColor: 'var(--text)' },
      '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
      '.cm-gutters': {
        backgroundColor: 'var(--bg-code)',
        color: 'var(--text-2)',
        borderRight: '1px solid var(--line)',
      },
      '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--bg-hover)' },
      '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
        backgroundColor: 'var(--bg-selected)',
      },
      '.cm-panels': { backgroundColor: 'var(--bg-raised)', color: 'var(--text)' },
      '.cm-panel button, .cm-panel input': {
        color: 'var(--text)',
        backgroundColor: 'var(--bg)',
        backgroundImage: 'none',
        border: '1px solid var(--line)',
        borderRadius: '4px',
      },
      '.cm-searchMatch': { backgroundColor: 'var(--bg-marked)' },
      '.cm-matchingBracket': { outline: '1px solid var(--mark)' },
      '&.cm-merge-b .cm-changedLine, .cm-insertedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--bg-added)' },
      '.cm-deletedChunk': { backgroundColor: 'var(--bg-removed)' },
      '.cm-changedText, &.cm-merge-b .cm-changedText, .cm-deletedChunk .cm-deletedText': {
        background: 'none',
        textDecoration: 'underline 1px',
        textUnderlineOffset: '3px',
      },
      '.cm-collapsedLines': { color: 'var(--text-2)', background: 'var(--bg-hover)' },
      '.cm-changedLineGutter': { background: 'var(--completed)' },
      '.cm-deletedLineGutter': { background: 'var(--failed)' },
    },
    { dark },
  )
  return [theme, syntaxHighlighting(highlight)]
}
