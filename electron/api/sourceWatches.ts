import { type Watched, watchForMs } from '../../shared/sourceChannels'
import type { Onlooker } from '../files/onlooker'
import type { RunSource } from '../sources/source'

/** What windows look at of each source. */
export interface SourceWatches {
  /** Null: the asker looks at nothing of this source any more. */
  readonly set: (sourceId: string, asker: string, watched: Watched | null) => void
  readonly close: () => void
}

/** How often it is looked whether somebody still looks, in ms. */
const lookMs = 1_000

/**
 * Tells each source what is looked at: what askers said within the last `watchForMs`, and nothing while no window is to be
 * seen. Nobody who crashed leaves a watch behind.
 */
export function createSourceWatches({
  source,
  onlooker,
}: {
  readonly source: (sourceId: string) => RunSource | undefined
  readonly onlooker: Onlooker
}): SourceWatches {
  const watches = new Map<string, { readonly sourceId: string; readonly watched: Watched; readonly untilMs: number }>()
  const told = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined

  const tell = (): void => {
    const nowMs = performance.now()
    const bySource = new Map<string, Watched[]>([...told.keys()].map((sourceId) => [sourceId, []]))
    for (const [key, { sourceId, watched, untilMs }] of watches) {
      if (untilMs <= nowMs) watches.delete(key)
      else if (onlooker.isThere()) bySource.set(sourceId, [...(bySource.get(sourceId) ?? []), watched])
    }
    for (const [sourceId, watched] of bySource) {
      const distinct = [...new Map(watched.map((one) => [JSON.stringify(one), one])).values()]
      const words = JSON.stringify(distinct)
      if (told.get(sourceId) === words) continue
      source(sourceId)?.watch(distinct)
      if (distinct.length > 0) told.set(sourceId, words)
      else told.delete(sourceId)
    }
    if (watches.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  const stopListening = onlooker.onCome(tell)

  return {
    set: (sourceId, asker, watched) => {
      const key = `${sourceId}\n${asker}`
      if (watched) watches.set(key, { sourceId, watched, untilMs: performance.now() + watchForMs })
      else watches.delete(key)
      tell()
      if (watches.size === 0 || timer) return
      timer = setInterval(tell, lookMs)
      timer.unref()
    },
    close: () => {
      stopListening()
      clearInterval(timer)
      watches.clear()
    },
  }
}
