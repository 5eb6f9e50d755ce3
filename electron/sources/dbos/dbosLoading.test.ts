import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What is loaded together with a file: its own imports and theirs, but not types and not what is loaded later. */
async function loadedWith(file: string, found = new Set<string>()): Promise<ReadonlySet<string>> {
  if (found.has(file)) return found
  found.add(file)
  const text = await readFile(file, 'utf8')
  for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type\b)[^'";]*from '([^']+)'/gm)) {
    if (from.startsWith('.')) await loadedWith(`${join(dirname(file), from)}.ts`, found)
    else found.add(from)
  }
  return found
}

test('nothing of DBOS and PostgreSQL is loaded before a source of it is asked', async () => {
  const before = await loadedWith(join(root, 'electron/sources/openRemote.ts'))
  const later = await loadedWith(join(root, 'electron/sources/dbos/engineParts.ts'))
  const heavy = ['@dbos-inc/dbos-sdk', 'pg', 'pg-connection-string', 'superjson']
  expect(heavy.filter((name) => before.has(name))).toEqual([])
  expect([...before].map((file) => relative(root, file))).toContain('electron/sources/dbos/dbosSession.ts')
  expect(later.has('pg') && later.has('@dbos-inc/dbos-sdk')).toBe(true)
})
