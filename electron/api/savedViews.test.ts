import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createSavedViews } from './savedViews'

const slow = {
  name: 'Slow imports',
  ask: { filter: 'all', where: { workflows: ['import'], longerMs: 60_000 } },
} as const
const view = { ...slow, ask: { ...slow.ask, where: { workflows: ['import'], longerMs: 60_000 } } }

async function open(text?: string) {
  const dir = await makeTemporaryFolder()
  await mkdir(dir, { recursive: true })
  if (text !== undefined) await writeFile(join(dir, 'views.json'), text)
  return { dir, views: createSavedViews(dir) }
}

test('a view is kept, gets another name, and goes', async () => {
  const { dir, views } = await open()
  const { id } = await views.save(view)
  const after = async () => (await createSavedViews(dir).list()).views
  const saved = await after()
  await views.save({ ...view, id, name: 'Long imports' })
  const renamed = await after()
  await views.remove(id)
  expect([saved, renamed, await after()]).toEqual([[{ ...view, id }], [{ ...view, id, name: 'Long imports' }], []])
})

test('a name stands for one view, whatever its case', async () => {
  const { views } = await open()
  await views.save(view)
  await expect(views.save({ ...view, name: 'SLOW imports' })).rejects.toThrow('already')
})

test.each(['{"version":1,"views":[{"id"', '{"version":1,"views":[{"id":1}]}'])(
  'a damaged file is told, and kept aside when a view is saved: %s',
  async (text) => {
    const { dir, views } = await open(text)
    const { trouble } = await views.list()
    const { id } = await views.save(view)
    const aside = (await readdir(dir)).filter((name) => name.startsWith('views.json.corrupt-'))
    expect([trouble, await views.list(), await readFile(join(dir, aside[0] ?? ''), 'utf8')]).toEqual([
      expect.stringContaining('views.json'),
      { views: [{ ...view, id }], trouble: null },
      text,
    ])
  },
)

test('a file of a newer Rundesk is not touched', async () => {
  const text = '{"version":2,"views":{}}'
  const { dir, views } = await open(text)
  await expect(views.save(view)).rejects.toThrow('newer Rundesk')
  expect(await readFile(join(dir, 'views.json'), 'utf8')).toBe(text)
})

test('a view that is gone can neither be changed nor removed', async () => {
  const { views } = await open()
  await expect(views.remove('gone')).rejects.toThrow('no such view')
  await expect(views.save({ ...view, id: 'gone' })).rejects.toThrow('no such view')
})
