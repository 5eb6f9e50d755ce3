import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toFailure } from '../../shared/outcome'
import { readInside, writeInside } from './insideFolder'
import { swapWithLink } from './linkSwapper.testkit'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

/** A folder `docs` whose name another process swaps, as fast as it can, with a link that leads out of the root. */
async function openRace(): Promise<{ readonly root: string; readonly outside: string }> {
  const folder = await makeTemporaryFolder()
  const [root, outside] = [join(folder, 'root'), join(folder, 'outside')]
  await mkdir(join(root, 'docs'), { recursive: true })
  await mkdir(outside)
  await writeFile(join(root, 'docs', 'a.md'), 'inside')
  await writeFile(join(outside, 'a.md'), 'secret')
  await swapWithLink(root, 'docs', outside)
  return { root, outside }
}

/** What came of so many tries, each kind once. */
async function outcomesOf(act: (number: number) => Promise<string>, tries = 2_000): Promise<ReadonlySet<string>> {
  const outcomes = new Set<string>()
  for (let number = 0; number < tries; number++) {
    const code = (error: unknown): string => {
      const { code: known, message } = toFailure(error)
      return known === 'refused' ? known : message.replace(/^.*?(ENOENT|ELOOP|ENOTDIR).*$/s, '$1')
    }
    outcomes.add(await act(number).catch(code))
  }
  return outcomes
}

test.skipIf(process.platform !== 'linux')(
  'what lies outside is never read, however a link is swapped between the look and the use',
  async () => {
    const { root } = await openRace()
    const outcomes = await outcomesOf(async () => String(await readInside(root, join(root, 'docs', 'a.md'))))
    expect([outcomes.has('secret'), outcomes.has('inside'), outcomes.has('refused')]).toEqual([false, true, true])
  },
)

test.skipIf(process.platform !== 'linux')(
  'nothing is written outside, however a link is swapped between the look and the use',
  async () => {
    const { root, outside } = await openRace()
    const outcomes = await outcomesOf(async (number) => {
      await writeInside(root, join(root, 'docs', 'a.md'), Buffer.from(`written ${number}`))
      return 'written'
    })
    expect([await readdir(outside), await readFile(join(outside, 'a.md'), 'utf8')]).toEqual([['a.md'], 'secret'])
    expect([outcomes.has('written'), outcomes.has('refused')]).toEqual([true, true])
  },
)

test('a link in the place of the file is neither read nor written through', async () => {
  const folder = await makeTemporaryFolder()
  const outside = join(folder, 'outside')
  await mkdir(join(folder, 'root'))
  await writeFile(outside, 'secret')
  const path = join(folder, 'root', 'a.md')
  await symlink(outside, path)
  const read = await readInside(join(folder, 'root'), path).then(String, (error: NodeJS.ErrnoException) => error.code)
  await writeInside(join(folder, 'root'), path, Buffer.from('new'))
  await rename(path, `${path}.moved`)
  expect([read, await readFile(outside, 'utf8'), await readFile(`${path}.moved`, 'utf8')]).toEqual([
    'ELOOP',
    'secret',
    'new',
  ])
})
