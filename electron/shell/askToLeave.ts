import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { ExecutedRun } from '../../shared/lastEnd'

/** What a person wants who quits while runs go on. */
export type Leaving = 'stay' | 'tray' | 'quit'

/** How often it is looked whether the runs that are asked about have ended, in ms. */
const lookMs = 200
const namedRuns = 5

/**
 * Asks what is to become of the runs that go on: Rundesk stays open, stays in the tray, or cancels them and quits. Where
 * they end meanwhile there is nothing left to ask.
 */
export async function askToLeave(
  window: BrowserWindow | undefined,
  { executing, hasTray }: { readonly executing: () => readonly ExecutedRun[]; readonly hasTray: boolean },
): Promise<Leaving> {
  const choices: readonly (readonly [Leaving, string])[] = [
    ['stay', '&Keep Rundesk open'],
    ...(hasTray ? ([['tray', 'Keep running in the &tray']] as const) : []),
    ['quit', executing().length === 1 ? '&Cancel the run and quit' : '&Cancel the runs and quit'],
  ]
  const ended = new AbortController()
  const timer = setInterval(() => {
    if (executing().length === 0) ended.abort()
  }, lookMs)
  const question: MessageBoxOptions = {
    type: 'question',
    title: 'Quit Rundesk?',
    ...wordsOf(executing()),
    buttons: choices.map(([, label]) => label),
    defaultId: 0,
    cancelId: 0,
    normalizeAccessKeys: true,
    signal: ended.signal,
  }
  // A window in the tray would keep the question out of sight.
  const asked = window?.isVisible() ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question)
  const { response } = await asked.finally(() => clearInterval(timer))
  return ended.signal.aborted ? 'quit' : (choices[response]?.[0] ?? 'stay')
}

function wordsOf(runs: readonly ExecutedRun[]): { readonly message: string; readonly detail: string } {
  const names = runs.slice(0, namedRuns).map(({ workflowName }) => workflowName.slice(0, 80))
  const more = runs.length > namedRuns ? ` and ${runs.length - namedRuns} more` : ''
  const [message, after] =
    runs.length === 1
      ? [
          'One run is still going',
          'Rundesk executes it itself. If it ends now, the run is cancelled and its processes end.',
        ]
      : [
          `${runs.length} runs are still going`,
          'Rundesk executes them itself. If it ends now, they are cancelled and their processes end.',
        ]
  return { message, detail: `${names.join(', ')}${more}\n\n${after}` }
}
