/**
 * A table as CSV (RFC 4180): every cell quoted. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe.
 */
export function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

function toCell(value: string | number | null): string {
  const text = typeof value === 'string' ? harmless(value) : String(value ?? '')
  return `"${text.replaceAll('"', '""')}"`
}

function harmless(text: string): string {
  return /^[\s]*[=+\-@\t\r|%]/.test(text) ? `'${text}` : text
}
