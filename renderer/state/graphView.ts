import { nodeSize, type Place } from './graphLayout'

/** What part of the graph shows: everything moved by `x` and `y` px and drawn `zoom` times as large. */
export interface GraphView {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** Smaller than this the words of a box cannot be read. */
const leastReadable = 0.45
const margin = 24

/** All of the graph, or, when its boxes could not be read then, the box of `focusId` in the middle at full size. */
export function firstView(
  places: ReadonlyMap<string, Place>,
  { width, height, focusId }: { readonly width: number; readonly height: number; readonly focusId: string | null },
): GraphView {
  const view = wholeView(places, { width, height })
  const focus = focusId === null ? undefined : places.get(focusId)
  if (view.zoom >= leastReadable || !focus) return view
  return {
    x: width / 2 - focus.x - nodeSize.width / 2,
    y: height / 2 - focus.y - nodeSize.height / 2,
    zoom: 1,
  }
}

/** All of the graph in the middle, at most at full size. */
export function wholeView(
  places: ReadonlyMap<string, Place>,
  { width, height }: { readonly width: number; readonly height: number },
): GraphView {
  let [left, top, right, bottom] = [0, 0, nodeSize.width, nodeSize.height]
  for (const { x, y } of places.values()) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + nodeSize.width)
    bottom = Math.max(bottom, y + nodeSize.height)
  }
  const fits = Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top))
  const zoom = Math.max(0.05, Math.min(1, fits))
  return {
    x: (width - (left + right) * zoom) / 2,
    y: (height - (top + bottom) * zoom) / 2,
    zoom,
  }
}
