import { Graph, layout } from '@dagrejs/dagre'
import type { GraphShape } from './graphShape'

/** The size of every box, in px at full size. */
export const nodeSize: { readonly width: number; readonly height: number } = { width: 196, height: 46 }
const gap = { column: 56, row: 14 } as const

/** A larger or denser graph is laid out in plain columns: a good order of rows would take too long to find. */
const most = { nodes: 500, edges: 1_500 } as const

/** So few boxes and arrows take less time than what draws them. */
const few = 50

/** Is a graph laid out so soon that nobody waits for it? */
export function isSmall({ nodes, edges }: GraphShape): boolean {
  return nodes.length + edges.length <= few
}

export interface Place {
  readonly x: number
  readonly y: number
}

/** Where each box stands, by its id: from left to right, in the order of the waves. A dense graph takes seconds. */
export function layoutGraph(shape: GraphShape): ReadonlyMap<string, Place> {
  if (shape.nodes.length > most.nodes || shape.edges.length > most.edges) return inColumns(shape)
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: gap.row, ranksep: gap.column })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of shape.nodes) graph.setNode(id, { ...nodeSize })
  for (const { from, to } of shape.edges) graph.setEdge(from, to)
  layout(graph)
  return new Map(
    shape.nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { readonly x?: number; readonly y?: number }
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }]
    }),
  )
}

/** Each wave is a column. */
export function inColumns({ nodes }: GraphShape): ReadonlyMap<string, Place> {
  const rows = new Map<number, number>()
  return new Map(
    nodes.map(({ id, wave }) => {
      const row = rows.get(wave) ?? 0
      rows.set(wave, row + 1)
      return [id, { x: wave * (nodeSize.width + gap.column), y: row * (nodeSize.height + gap.row) }]
    }),
  )
}
