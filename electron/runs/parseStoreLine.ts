import { type FileLine, lineText } from '../files/lineReader'
import { type StoreLine, toRow } from './rows'

type ParsedLine =
  | { readonly line: StoreLine }
  | { readonly problem: { readonly code: string; readonly message: string } }

const bad = (code: string, message: string): ParsedLine => ({ problem: { code, message } })

/** One line of the run store: a row, a problem, or undefined for an empty line. White space, CR and BOM around it are ignored. */
export function parseStoreLine(line: FileLine): ParsedLine | undefined {
  const text = lineText(line).trim()
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
      `This line is not JSON. It is left as it is, and hides no other line. It starts with: ${text.slice(0, 40)}`,
    )
  }
  return toStoreLine(value, line.cut)
}

/** What a line says, parsed. In a cut line an output is not the output: it is left out, its length is unknown. */
export function toStoreLine(value: unknown, cut: boolean): ParsedLine {
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
  const row = toRow(kind, value.row)
  if (typeof row === 'string') {
    return bad(
      'not_a_row',
      `This line is a ${kind} line, but its ${row} is missing or of the wrong type. It is ignored.`,
    )
  }
  if (cut && row.kind === 'step' && row.row.output !== undefined) {
    const { output: _output, ...rest } = row.row
    return { line: { kind: 'step', row: rest as typeof row.row } }
  }
  return { line: row }
}
