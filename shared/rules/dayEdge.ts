/** The first or last moment of a day (`2026-11-01`) where the person is, as an ISO time; null when the text is no day. */
export function dayEdge(day: string | undefined, edge: 'first' | 'last'): string | null {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const at = new Date(`${day}${edge === 'first' ? 'T00:00:00' : 'T23:59:59.999'}`)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
