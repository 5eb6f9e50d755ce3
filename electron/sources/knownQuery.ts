import { RundeskError } from '../../shared/outcome'
import type { SourceRunQuery } from '../../shared/sourceRuns'
import type { SourceDescription } from './source'

/** Throws `not_supported` for a view or a filter that the source does not know. */
export function refuseUnknown(
  { view, where }: Pick<SourceRunQuery, 'view' | 'where'>,
  { views, filters, where: place }: Pick<SourceDescription, 'views' | 'filters' | 'where'>,
): void {
  if (!views.includes(view))
    throw new RundeskError(
      'not_supported',
      `${place} knows no view ${JSON.stringify(view)}. It has: ${views.join(', ')}.`,
    )
  const unknown = Object.entries(where).find(
    ([part, value]) => value !== undefined && !filters.some((known) => known === part),
  )
  if (unknown)
    throw new RundeskError(
      'not_supported',
      `${place} cannot be asked for ${unknown[0]}. It can for: ${filters.join(', ')}.`,
    )
}
