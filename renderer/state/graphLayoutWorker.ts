import { layoutGraph } from './graphLayout'
import type { GraphShape } from './graphShape'

/** Lays one graph out beside the window, which goes on meanwhile. */
addEventListener('message', ({ data }: MessageEvent<GraphShape>) => {
  postMessage(layoutGraph(data))
})
