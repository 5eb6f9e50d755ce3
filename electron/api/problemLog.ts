import type { Problem } from '../../shared/runs'
import type { Log } from '../diagnostics/log'

const mostKnown = 10_000

/** Notes each problem once, when it is first seen. `look` is called when something may have changed; it does its work later. */
export function createProblemLog(
  problems: () => readonly Problem[],
  log: Log,
  { pauseMs = 5_000 }: { readonly pauseMs?: number } = {},
): { readonly look: () => void; readonly close: () => void } {
  let known = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const take = (): void => {
    timer = undefined
    const seen = new Set<string>()
    for (const { code, path, line, workspaceId } of problems().slice(0, mostKnown)) {
      const id = `${code} ${path} ${line}`
      seen.add(id)
      if (!known.has(id)) log.warn('problems', code, { path, line, workspaceId: workspaceId ?? null })
    }
    known = seen
  }
  return {
    look: () => {
      timer ??= setTimeout(take, pauseMs).unref()
    },
    close: () => clearTimeout(timer),
  }
}
