/** Hits are told by parts of this many. */
export const hitPartSize = 500

/** Which hit comes next, from 0 and around the end, and how many stand before the part that tells it. */
export function nextHit(
  at: number | null,
  { direction, hits }: { readonly direction: 1 | -1; readonly hits: number },
): { readonly wanted: number; readonly skip: number } {
  const first = direction === 1 ? 0 : hits - 1
  // A log that became another one may hold fewer hits than before.
  const wanted = at === null || at >= hits ? first : (at + direction + hits) % hits
  return { wanted, skip: Math.floor(wanted / hitPartSize) * hitPartSize }
}
