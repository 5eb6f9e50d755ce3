import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../electron/files/atomicWrite'
import { withFileLock } from '../electron/files/fileLock'
import { hostIdentity } from '../electron/files/processIdentity'
import { leftOver } from './leftOver'
import { onlyHolder } from './onlyHolder'
import { compareChanges, type Life, type Scenario } from './scenario'

const lockOf = (dir: string): string => join(dir, 'locks', 'store.lock')
const listOf = (dir: string): string => join(dir, 'list.json')

/** Read, change, write: what two processes may only do one after the other. */
async function addToList(dir: string, id: string): Promise<void> {
  const list = JSON.parse(await readFile(listOf(dir), 'utf8')) as string[]
  await writeFileAtomic(listOf(dir), JSON.stringify([...list, id]))
}

async function addLocked({ dir, complain }: Life, id: string): Promise<void> {
  await withFileLock(lockOf(dir), async () => {
    if (!(await onlyHolder(dir, () => addToList(dir, id))))
      complain(`two processes hold the lock, one of them for ${id}`)
  })
}

/** The cross-process lock: a dead holder's is taken over, never two hold it, and nothing stays behind. */
export function lockScenario({ takeOver }: { readonly takeOver: boolean }): Scenario {
  return {
    victims: 2,
    changes: 1,
    prepare: async (dir) => {
      await writeFile(listOf(dir), '[]')
      if (!takeOver) return
      await mkdir(join(dir, 'locks'))
      await writeFile(lockOf(dir), deadHolder('a'))
      await writeFile(`${lockOf(dir)}.${'a'.repeat(24)}`, deadHolder('b'))
    },
    open: async (life) => (id) => addLocked(life, id),
    check: async (after) => {
      const complaints: string[] = []
      await addLocked({ dir: after.dir, complain: (text) => complaints.push(text) }, after.heir)
      const standing = JSON.parse(await readFile(listOf(after.dir), 'utf8')) as string[]
      return [
        ...complaints,
        ...compareChanges(standing, after),
        ...(await leftOver(join(after.dir, 'locks'), { ...after, expected: [] })),
      ]
    },
  }
}

/** The content of a lock file whose owner is dead for sure. */
function deadHolder(digit: string): string {
  const { pid } = spawnSync('true')
  return JSON.stringify({ token: digit.repeat(24), pid, startTime: 'long ago', host: hostIdentity })
}
