import { printable, printableJson } from '../../shared/rules/printable'
import type { Problem } from '../../shared/runs'
import { causeOf } from '../../shared/systemErrors'

export { oneLine, printable } from '../../shared/rules/printable'

const saidProblems = 10

/** Where a command writes: its one document on stdout, messages on stderr. */
export interface Terminal {
  readonly json: boolean
  /** With `--json` the value as one document, else the text. */
  readonly answer: (value: unknown, text: () => string) => void
  readonly say: (message: string) => void
  /** Writes a text as it is; on a screen what would steer it is shown instead. */
  readonly write: (text: string) => void
  /** Why the answer did not get where it was to go; null when it did, or when its reader went away. */
  readonly trouble: () => string | null
}

/**
 * A terminal over this process's streams. A reader that went away, or a disk that is full, ends the output and nothing
 * else: whoever executes a run goes on with it.
 */
export function createTerminal({ json }: { readonly json: boolean }): Terminal {
  let trouble: string | null = null
  const say = (message: string): void => {
    process.stderr.write(`${printable(message)}\n`)
  }
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || trouble !== null) return
    trouble = `rundesk: the answer could not be written (${causeOf(error)})`
    say(trouble)
  })
  return {
    json,
    trouble: () => trouble,
    answer: (value, text) => {
      process.stdout.write(`${json ? printableJson(value) : printable(text())}\n`)
    },
    say,
    write: (text) => {
      process.stdout.write(process.stdout.isTTY ? printable(text) : text)
    },
  }
}

/** A problem as one line: where, then what. */
export function problemLine({ path, line, message }: Problem): string {
  const where = `${path}${line === null ? '' : `:${line}`}`
  return message.startsWith(path) ? message : `${where}: ${message}`
}

/** Says the first problems beside a command's answer and how many more there are. */
export function sayProblems(terminal: Terminal, problems: readonly Problem[]): void {
  for (const problem of problems.slice(0, saidProblems)) terminal.say(problemLine(problem))
  if (problems.length > saidProblems)
    terminal.say(`${problems.length - saidProblems} more problems. See them all with: rundesk doctor`)
}

/** Rows in columns as wide as their widest cell. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  const last = widths.length - 1
  return rows
    .map((row) => row.map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0))).join('  '))
    .join('\n')
}
