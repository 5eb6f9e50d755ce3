import type { Settings } from '../../shared/settings'
import type { App } from '../api/app'
import { oneLine, type Terminal } from './terminal'

interface Ending extends Pick<App, 'executing' | 'unsavedRows'> {
  readonly settings: () => Pick<Settings, 'graceSeconds'>
}

const moreMs = 5_000

/**
 * Waits for `end`, which ends the runs that this process executes. Says at the beginning which, and again and again what it
 * waits for when that takes longer than they are given: by then they are killed.
 */
export async function endSayingWhy(
  end: () => Promise<void>,
  {
    app,
    terminal,
    lateMs = app.settings().graceSeconds * 1_000 + moreMs,
  }: { readonly app: Ending; readonly terminal: Pick<Terminal, 'say'>; readonly lateMs?: number },
): Promise<void> {
  if (app.executing().length > 0)
    terminal.say(`rundesk: ending what it executes: ${runsOf(app)}. Interrupt it again to end it at once.`)
  const timer = setInterval(
    () =>
      terminal.say(`rundesk: it has not ended: it waits for ${waitsFor(app)}. Interrupt it again to end it at once.`),
    lateMs,
  )
  try {
    await end()
  } finally {
    clearInterval(timer)
  }
}

/** What is left to be said when somebody does not wait for the end. */
export function sayEndedAtOnce(terminal: Pick<Terminal, 'say'>, app: Ending): void {
  const cutOff = app.executing().length > 0 ? ` Cut off: ${runsOf(app)}; resume what you need.` : ''
  terminal.say(`rundesk: ended at once.${cutOff}`)
}

function waitsFor(app: Ending): string {
  if (app.executing().length > 0) return `what it executes: ${runsOf(app)}`
  return app.unsavedRows() > 0
    ? `the disk, which refused ${app.unsavedRows()} of its rows`
    : 'its last files to be written'
}

function runsOf(app: Ending): string {
  return app
    .executing()
    .map(({ workflowName, runId }) => `${oneLine(workflowName, 40)} (${runId})`)
    .join(', ')
}
