import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app } from 'electron'
import { z } from 'zod'
import { isLink } from '../../shared/links'

/** What a second start of the app hands to the first one. */
const handedSchema = z.object({ targets: z.array(z.string().max(4096)).max(100) })

/** Links and paths that the system or another start of the app asks to be opened. */
export interface OpenTargets {
  /** Is this the first start with this data? If not, its targets are with the first one now. */
  readonly isFirst: boolean
  /** Calls back for what was asked for so far, and from now on; empty: only to be seen. */
  readonly onAsked: (listener: (targets: readonly string[]) => void) => void
}

/**
 * Takes part in the one instance per data folder, and collects what is to be opened. `alone`: several may run beside each
 * other.
 */
export function collectTargets(named: readonly string[], { alone }: { readonly alone: boolean }): OpenTargets {
  const targets = absolute(named, process.cwd())
  const isFirst = alone || app.requestSingleInstanceLock({ targets })
  let waiting: readonly string[] = targets
  let listener: ((targets: readonly string[]) => void) | undefined
  const ask = (more: readonly string[]): void => {
    if (listener) listener(more)
    else waiting = [...waiting, ...more]
  }
  app.on('second-instance', (_event, _argv, _cwd, handed) => ask(handedSchema.safeParse(handed).data?.targets ?? []))
  for (const event of ['open-url', 'open-file'] as const) {
    app.on(event as 'open-url', (asked, target) => {
      asked.preventDefault()
      ask([target])
    })
  }
  return {
    isFirst,
    onAsked: (next) => {
      listener = next
      if (waiting.length > 0) next(waiting)
      waiting = []
    },
  }
}

function absolute(targets: readonly string[], cwd: string): readonly string[] {
  return targets.map((target) => (isLink(target) ? target : resolve(cwd, pathOf(target))))
}

/** Desktops on Linux name files by their address. */
function pathOf(target: string): string {
  try {
    return target.startsWith('file:') ? fileURLToPath(target) : target
  } catch {
    return target // It belongs to another machine, and is refused as a path that there is not.
  }
}
