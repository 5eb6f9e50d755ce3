import type { Client } from '../../shared/client'
import type { Input } from '../../shared/contract'

/** Where the first error of a log stands, from 1; null when no line tells of one. */
export async function firstErrorRow(
  client: Client,
  choice: Omit<Input<'runs:logSearch'>, 'query' | 'regex' | 'caseSensitive' | 'limit'>,
): Promise<number | null> {
  const asked = { query: '', regex: false, caseSensitive: false, limit: 0 }
  return (await client.request('runs:logSearch', { ...choice, ...asked })).firstErrorRow
}
