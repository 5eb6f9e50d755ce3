// What of a DBOS source is loaded when it is asked first.
import { RundeskError } from '../../../shared/outcome'
import type { SourceTrouble } from '../../../shared/sources'
import { toError } from '../../files/toError'
import { sourceTrouble, troubleOf } from './pgTrouble'

export { openDbosEngine } from './dbosEngine'
export { createDbosReads } from './dbosReads'
export { resolveConnection } from './pgConnection'

/**
 * The trouble of a connection that an error tells of. While it `opens`, every error is one; later a statement that was
 * refused, or a fault of another kind, says nothing of the connection: null.
 */
export function toSessionTrouble(
  error: unknown,
  { opens }: { readonly opens: boolean },
): { readonly code: SourceTrouble; readonly error: Error } | null {
  const code = troubleOf(error)
  if (code !== null && error instanceof RundeskError)
    return opens || !error.details?.ofStatement ? { code, error } : null
  if (!opens) return null
  const { message } = toError(error)
  // What stops it before the server is asked: a variable, a service or a password that is not there.
  if (error instanceof RundeskError) return { code: 'no-credentials', error: sourceTrouble('no-credentials', message) }
  return { code: 'unreadable', error: sourceTrouble('unreadable', `The source could not be opened: ${message}`) }
}
