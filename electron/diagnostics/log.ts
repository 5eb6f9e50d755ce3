import { type LogFields, type LogLevel, type LogLine, logLevels, logLineSchema } from '../../shared/diagnostics'
import { hideQuoted, type Redactor } from '../../shared/rules/redact'
import type { DocumentTrouble } from '../../shared/settings'
import { createLogFile } from './logFile'

/** Rundesk's own log: what it did, what went wrong, what took long. */
export type Log = Readonly<Record<LogLevel, Note>>

/** Notes that something happened in a part. Takes ids, codes, counts and durations; never tokens or contents. */
type Note = (part: string, message: string, fields?: LogFields) => void

/** A log that can be read and closed. */
export interface OpenLog extends Log {
  /** Something that nobody expected was thrown: with its stack, and without what its message quotes. */
  readonly bug: (part: string, thrown: unknown) => void
  /** The newest lines that are at least as important as a level, oldest first. */
  readonly newest: (options: { readonly level: LogLevel; readonly count: number }) => Promise<readonly LogLine[]>
  /** Why what is noted is not in the file; null when it is. */
  readonly trouble: () => DocumentTrouble | null
  /** Resolves when everything is in the file, or the disk refused it. */
  readonly settled: () => Promise<void>
}

const maxText = 2_000
/** So many lines are looked through for the newest of a level. */
const mostRead = 20_000

/** Opens the log of a data folder. Every text goes through the redactor before it is kept. */
export function openLog({
  dir,
  level,
  redactor,
  clock = () => new Date(),
}: {
  readonly dir: string
  /** Asked at each line. */
  readonly level: () => LogLevel
  readonly redactor: Redactor
  readonly clock?: () => Date
}): OpenLog {
  const file = createLogFile({ dir })
  const rank = (one: LogLevel): number => logLevels.indexOf(one)
  const keep = (at: LogLevel, part: string, message: string, fields?: LogFields): void => {
    if (rank(at) > rank(level())) return
    const line: LogLine = {
      time: clock().toISOString(),
      level: at,
      part,
      message: redactor.text(message).slice(0, maxText),
      pid: process.pid,
      ...(fields === undefined ? {} : { fields: shortened(redactor.document(fields) as LogFields) }),
    }
    file.append(JSON.stringify(line))
  }
  return {
    error: (...told) => keep('error', ...told),
    warn: (...told) => keep('warn', ...told),
    info: (...told) => keep('info', ...told),
    debug: (...told) => keep('debug', ...told),
    bug: (part, thrown) => {
      const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
      keep('error', part, hideQuoted(stack))
    },
    newest: async ({ level: wanted, count }) => {
      await file.settled()
      const lines = (await file.newest(mostRead)).flatMap((text) => {
        const parsed = logLineSchema.safeParse(parseJson(text))
        return parsed.success && rank(parsed.data.level) <= rank(wanted) ? [parsed.data] : []
      })
      return lines.slice(-count)
    },
    trouble: file.trouble,
    settled: file.settled,
  }
}

function shortened(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, maxText) : value]),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // The end of a line that a dead process wrote.
  }
}
