import type { ExecutedRun } from '../../shared/lastEnd'
import { oneLine } from '../../shared/rules/printable'
import type { Settings } from '../../shared/settings'
import type { App } from './app'

interface Ending extends Pick<App, 'executing' | 'unsavedRows'> {
  readonly settings: () => Pick<Settings, 'graceSeconds'>
}

/** Why Rundesk ends: a signal, or a person who quits it. */
export type WhyEnding = NodeJS.Signals | 'quit'

const moreMs = 5_000

/**
 * Waits for `end`, which ends the runs that this process executes. Says at the beginning which, and again and again what it
 * waits for when that takes longer than they are given: by then they are killed.
 */
export async function endSayingWhy(
  end: () => Promise<void>,
  {
    app,
    say,
    lateMs = app.settings().graceSeconds * 1_000 + moreMs,
  }: { readonly app: Ending; readonly say: (message: string) => void; readonly lateMs?: number },
): Promise<void> {
  if (app.executing().length > 0)
    say(`rundesk: ending what it executes: ${runsOf(app)}. Interrupt it again to end it at once.`)
  const timer = setInterval(
    () => say(`rundesk: it has not ended: it waits for ${waitsFor(app)}. Interrupt it again to end it at once.`),
    lateMs,
  )
  try {
    await end()
  } finally {
    clearInterval(timer)
  }
}

/** What is left to be said when somebody does not wait for the end of the runs that are being cancelled. */
export function endedAtOnceWords(app: Pick<App, 'executing'>): string {
  const cancelled = app.executing().filter(({ goesOn }) => !goesOn)
  const [first] = cancelled
  const left = first
    ? ` What it executed is ended behind it: ${namesOf(cancelled)}. Go on in a new run: rundesk resume ${first.runId} --new`
    : ''
  return `rundesk: ended at once.${left}`
}

/** Why the runs that Rundesk executes are cancelled when it ends, for their histories. */
export function cancelReason(why: WhyEnding): string {
  switch (why) {
    case 'quit':
      return 'Rundesk, which executed it, was quit.'
    case 'SIGINT':
      return 'Rundesk, which executed it, was interrupted (SIGINT, as by Ctrl-C).'
    case 'SIGTERM':
      return 'Rundesk, which executed it, was told to end (SIGTERM, as at a logout).'
    case 'SIGHUP':
      return 'Rundesk, which executed it, lost its terminal (SIGHUP).'
    default:
      return `Rundesk, which executed it, was ended (${why}).`
  }
}

function waitsFor(app: Ending): string {
  if (app.executing().length > 0) return `what it executes: ${runsOf(app)}`
  return app.unsavedRows() > 0
    ? `the disk, which refused ${app.unsavedRows()} of its rows`
    : 'its last files to be written'
}

function runsOf(app: Pick<App, 'executing'>): string {
  return namesOf(app.executing())
}

/** "nightly (08ff49b6f772632716c43069), backfill (…)" */
export function namesOf(runs: readonly ExecutedRun[]): string {
  return runs.map(({ workflowName, runId }) => `${oneLine(workflowName, 40)} (${runId})`).join(', ')
}
