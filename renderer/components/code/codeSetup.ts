import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { codeTheme } from './codeTheme'

/** What a text is shown with: its name for screen readers, its kind by the name of its file, and whether it can be typed in. */
export interface CodeOptions {
  readonly label: string
  readonly fileName: string
  readonly readOnly: boolean
}

/** The parts of an editor that every text has, and those that one needs to write. */
export function codeSetup({ label, fileName, readOnly }: CodeOptions): Extension {
  return [
    codeTheme(),
    lineNumbers(),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    fileName.endsWith('.json') ? json() : [],
    readOnly
      ? [EditorState.readOnly.of(true), keymap.of([...defaultKeymap, ...searchKeymap])]
      : [
          history(),
          indentOnInput(),
          highlightActiveLine(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        ],
  ]
}

/**
 * Where an editor lives: a shadow root takes its styles as sheets of its own, so that the window's policy can go on
 * forbidding styles that are written into the page.
 */
export function shadowOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' })
}
