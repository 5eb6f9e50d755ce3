import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../electron/files/atomicWrite'
import { leftOver } from './leftOver'
import type { Aftermath, Scenario } from './scenario'

const contentOf = (id: string): string => JSON.stringify({ id, fill: id.repeat(2_000), end: id })

/** Replacing a whole file: a reader sees an old or a new content, never half, and no temporary files pile up. */
export const atomicWriteScenario: Scenario = {
  victims: 1,
  changes: 2,
  prepare: (dir) => writeFile(join(dir, 'index.json'), contentOf('old-0')),
  open:
    async ({ dir }) =>
    (id) =>
      writeFileAtomic(join(dir, 'index.json'), contentOf(id)),
  check: async (after) => {
    const found = await readFile(join(after.dir, 'index.json'), 'utf8')
    await writeFileAtomic(join(after.dir, 'index.json'), contentOf(after.heir))
    const id = /^\{"id":"([^"]+)"/.exec(found)?.[1] ?? ''
    return [
      ...(found === contentOf(id) ? [] : [`index.json is neither old nor new: ${found.slice(0, 80)}`]),
      ...notNewest(id, after),
      ...(await leftOver(after.dir, { ...after, expected: ['index.json'] })),
    ]
  },
}

/** The content must be the last acknowledged one or, not acknowledged, a later one. */
function notNewest(id: string, { changes }: Aftermath): readonly string[] {
  const lastDone = changes.findLastIndex(({ done }) => done)
  const stands = id === 'old-0' ? -1 : changes.findIndex((change) => change.id === id)
  if (id !== 'old-0' && stands === -1) return [`nobody wrote ${id}`]
  return stands >= lastDone ? [] : [`${id} stands although ${changes[lastDone]?.id} was acknowledged later`]
}
