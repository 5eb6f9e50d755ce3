import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type SavedSource, savedSourceSchema } from '../../shared/sources'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openSavedSources, type SavedSources } from './savedSources'

const makeSource = (id: string): SavedSource =>
  savedSourceSchema.parse({
    id,
    name: `Name ${id}`,
    kind: 'dbos',
    reading: { from: 'environment', variable: 'DB_URL' },
  })

async function openOver(content: object): Promise<{ readonly saved: SavedSources; readonly path: string }> {
  const dataDir = await makeTemporaryFolder()
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, 'sources.json')
  await writeFile(path, JSON.stringify(content))
  return { saved: await openSavedSources({ dataDir, watch: false, onChange: () => undefined }), path }
}

test('one source that cannot be understood hides no other, and is told', async () => {
  const { saved } = await openOver({ version: 1, sources: [makeSource('a'), { id: 'b', kind: 'temporal' }] })
  expect([saved.list(), saved.trouble()?.kind]).toEqual([[makeSource('a')], 'damaged'])
})

test('a list of a newer Rundesk is used and not written to', async () => {
  const { saved, path } = await openOver({ version: 2, sources: [makeSource('a')], more: true })
  await expect(saved.keep(makeSource('b'))).rejects.toMatchObject({ code: 'unreadable' })
  expect([saved.list(), JSON.parse(await readFile(path, 'utf8')).more]).toEqual([[makeSource('a')], true])
})

test('sources that two processes add at the same time are all kept', async () => {
  const { saved, path } = await openOver({ version: 1, sources: [] })
  const other = await openSavedSources({ dataDir: join(path, '..'), watch: false, onChange: () => undefined })
  await Promise.all(['a', 'b', 'c', 'd'].map((id, index) => (index % 2 ? saved : other).keep(makeSource(id))))
  const kept: readonly SavedSource[] = JSON.parse(await readFile(path, 'utf8')).sources
  expect(kept.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd'])
})
