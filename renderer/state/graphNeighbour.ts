import type { KeyId } from '../../shared/keys'
import type { GraphShape } from './graphShape'

/** The box that a key of the graph leads to. Left and right follow the arrows, up and down stay in the column. Null where there is none. */
export function neighbourOf(
  { nodes, edges }: GraphShape,
  {
    from,
    way,
    places,
  }: { readonly from: string; readonly way: KeyId; readonly places: ReadonlyMap<string, { readonly y: number }> },
): string | null {
  if (way === 'graph-along') return edges.find((edge) => edge.from === from)?.to ?? null
  if (way === 'graph-against') return edges.find((edge) => edge.to === from)?.from ?? null
  if (way === 'graph-first') return nodes[0]?.id ?? null
  if (way === 'graph-last') return nodes.at(-1)?.id ?? null
  if (way !== 'graph-below' && way !== 'graph-above') return null
  const wave = nodes.find(({ id }) => id === from)?.wave
  const column = nodes
    .filter((node) => node.wave === wave)
    .sort((one, other) => (places.get(one.id)?.y ?? 0) - (places.get(other.id)?.y ?? 0))
  const at = column.findIndex(({ id }) => id === from)
  return column[at + (way === 'graph-below' ? 1 : -1)]?.id ?? null
}
