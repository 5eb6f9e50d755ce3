import type { Run } from '../../shared/runs'

/** What the command line can do with a run. */
export type CliAct = 'show' | 'logs' | 'resume' | 'cancel'

/** The command that does the same as the window: of the workspace that the run's file lies in, where that can be told. */
export function cliCommand(act: CliAct, run: Pick<Run, 'id' | 'source'>): string {
  const workspace = /^(.+?)[\\/]\.agent-relay[\\/]/.exec(run.source.path)?.[1]
  return ['rundesk', act, quoted(run.id), ...(workspace === undefined ? [] : ['-w', quoted(workspace)])].join(' ')
}

/** A word of a shell's command line. A Windows path keeps its backslashes. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-')) return word
  if (/^[A-Za-z]:\\[^"%]*$/.test(word)) return `"${word}"`
  return `'${word.replaceAll("'", `'\\''`)}'`
}
