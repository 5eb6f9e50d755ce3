import type { Happening, Notice } from '../notices'

/** So many notices are kept. */
export const maxNotices = 500
/** What comes again within this time after the last time is the same notice, in ms. */
export const foldMs = 12 * 3_600_000

/**
 * Takes what happened into the list, newest first: an unread notice of the same key is counted up (not for the run
 * that it tells of already: two processes may see the same end) and moves to the top, otherwise a new one with this id is made. The oldest go when there are more than are kept.
 */
export function foldNotice(
  notices: readonly Notice[],
  happening: Happening,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): readonly Notice[] {
  const at = new Date(nowMs).toISOString()
  const same = notices.find(
    ({ key, read, at: last }) => key === happening.key && !read && nowMs - Date.parse(last) < foldMs,
  )
  if (!same) return [{ ...happening, id, at, firstAt: at, read: false }, ...notices].slice(0, maxNotices)
  const again = happening.runId !== null && happening.runId === same.runId ? 0 : happening.count
  const folded = { ...happening, id: same.id, firstAt: same.firstAt, at, read: false, count: same.count + again }
  return [folded, ...notices.filter((notice) => notice !== same)]
}
