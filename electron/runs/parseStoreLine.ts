import type { JournalLine } from '../files/journal'
import { runRowSchema, type StoreLine, stepRowSchema } from './rows'

type ParsedLine =
  | { readonly line: StoreLine }
  | { readonly problem: { readonly code: string; readonly message: string } }

const bad = (code: string, message: string): ParsedLine => ({ problem: { code, message } })

/** One line of the run store: a row, a problem, or undefined for an empty line. White space, CR and BOM around it are ignored. */
export function parseStoreLine(line: JournalLine): ParsedLine | undefined {
  const text = line.text.trim()
  if (text === '') {
    if (!line.cut) return undefined
    return bad(
      'oversized_line',
      `This line has ${line.length} bytes and is no row that anybody writes. It is left as it is.`,
    )
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad(
      'malformed_line',
      `This line is not JSON (it starts with ${JSON.stringify(text.slice(0, 40))}). It is left as it is.`,
    )
  }
  if (typeof value !== 'object' || value === null || !('row' in value)) {
    return bad('not_a_row', 'This line is JSON but holds no row. It is left as it is.')
  }
  const kind = 'kind' in value ? value.kind : undefined
  if (kind !== 'run' && kind !== 'step') {
    return bad(
      'unknown_kind',
      `This line has the kind ${JSON.stringify(kind)?.slice(0, 40)}, which Rundesk does not know. It is ignored.`,
    )
  }
  if (kind === 'run') {
    const row = runRowSchema.safeParse(value.row)
    return row.success
      ? { line: { kind, row: cutOff(line, row.data) } }
      : degrade(kind, value.row, row.error.issues[0]?.path)
  }
  const row = stepRowSchema.safeParse(value.row)
  return row.success
    ? { line: { kind, row: cutOff(line, row.data) } }
    : degrade(kind, value.row, row.error.issues[0]?.path)
}

/** A cut line's output is not the output: its length is unknown. */
function cutOff<T extends object>(line: JournalLine, row: T): T {
  if (!line.cut || !('output' in row)) return row
  const { output: _output, ...rest } = row
  return rest as T
}

/** One field of a wrong type must not hide the row: without an id there is no row, else the odd fields are left out. */
function degrade(kind: 'run' | 'step', row: unknown, where: readonly PropertyKey[] | undefined): ParsedLine {
  const field = String(where?.[0] ?? 'row')
  if (typeof row !== 'object' || row === null || field === 'id' || field === 'runId' || field === 'row') {
    return bad(
      'not_a_row',
      `This line is a ${kind} line, but its ${field} is missing or of the wrong type. It is ignored.`,
    )
  }
  const { [field]: _odd, ...rest } = row as Record<string, unknown>
  const schema = kind === 'run' ? runRowSchema : stepRowSchema
  const again = schema.safeParse(rest)
  if (!again.success) return degrade(kind, rest, again.error.issues[0]?.path)
  return { line: { kind, row: again.data } as StoreLine }
}
