import type { GraphShape } from './graphShape'

/** The box that a key leads to. Left and right follow the arrows, up and down stay in the column. Null where there is none. */
export function neighbourOf(
  { nodes, edges }: GraphShape,
  {
    from,
    key,
    places,
  }: { readonly from: string; readonly key: string; readonly places: ReadonlyMap<string, { readonly y: number }> },
): string | null {
  if (key === 'ArrowRight') return edges.find((edge) => edge.from === from)?.to ?? null
  if (key === 'ArrowLeft') return edges.find((edge) => edge.to === from)?.from ?? null
  if (key === 'Home') return nodes[0]?.id ?? null
  if (key === 'End') return nodes.at(-1)?.id ?? null
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null
  const wave = nodes.find(({ id }) => id === from)?.wave
  const column = nodes
    .filter((node) => node.wave === wave)
    .sort((one, other) => (places.get(one.id)?.y ?? 0) - (places.get(other.id)?.y ?? 0))
  const at = column.findIndex(({ id }) => id === from)
  return column[at + (key === 'ArrowDown' ? 1 : -1)]?.id ?? null
}
