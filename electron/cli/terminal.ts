import type { Problem } from '../../shared/runs'
import { causeOf } from '../../shared/systemErrors'

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
      process.stdout.write(`${json ? toJson(value) : printable(text())}\n`)
    },
    say,
    write: (text) => {
      process.stdout.write(process.stdout.isTTY ? printable(text) : text)
    },
  }
}

/** Control characters but newline and tab, and what turns the direction of text or parts lines unseen. */
const steering = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Text from files never steers the terminal: what would is shown as `\x..` or `\u....`. */
export function printable(text: string): string {
  return text.replace(steering, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`
  })
}

/** JSON lets all but the first 32 characters stand as they are. */
function toJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return text.replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
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

/** One line of at most `width` characters. */
export function oneLine(text: string, width = 100): string {
  const line = printable(text.replace(/\s+/g, ' ').trim())
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}
