import { useEffect, useMemo, useState } from 'react'
import { inColumns, isSmall, layoutGraph, type Place } from './graphLayout'
import type { GraphShape } from './graphShape'
import { startGraphWorker } from './graphWorker'

/** A graph and where its boxes stand. */
export interface LaidGraph {
  readonly shape: GraphShape
  readonly places: ReadonlyMap<string, Place>
}

/**
 * Where the boxes of a graph stand. A small one is laid out at once, another beside the window: until that is done the
 * last one stays; null when there was none.
 */
export function useGraphLayout(shape: GraphShape): LaidGraph | null {
  const small = useMemo(() => (isSmall(shape) ? { shape, places: layoutGraph(shape) } : null), [shape])
  const [laid, setLaid] = useState<LaidGraph | null>(null)
  useEffect(() => {
    if (isSmall(shape)) return
    const worker = startGraphWorker()
    worker.onmessage = ({ data }: MessageEvent<LaidGraph['places']>) => setLaid({ shape, places: data })
    // Where it cannot be started plain columns show the graph, too.
    worker.onerror = () => setLaid({ shape, places: inColumns(shape) })
    worker.postMessage(shape)
    return () => worker.terminate()
  }, [shape])
  return small ?? laid
}
