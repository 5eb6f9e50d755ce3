import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultSettings } from '../../shared/settings'

import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openSettings } from './settings'

async function makeFolder(stored?: string): Promise<{ readonly dataDir: string; readonly file: string }> {
  const dataDir = await makeTemporaryFolder()
  const file = join(dataDir, 'settings.json')
  if (stored !== undefined) await writeFile(file, stored)
  return { dataDir, file }
}
const open = (dataDir: string, { strict = false } = {}) => openSettings({ dataDir, strict, onChange: () => undefined })

test('settings of an earlier file keep what it says and have the defaults for the rest', async () => {
  const { dataDir } = await makeFolder('{"version":1,"theme":"dark","staleAfterHours":3}')
  const settings = await open(dataDir)
  settings.close()
  expect(settings.get()).toEqual({ ...defaultSettings, theme: 'dark', staleAfterHours: 3 })
})

test('a change keeps what the file says beside', async () => {
  const { dataDir, file } = await makeFolder('{"version":1,"later":{"a":1}}')
  const settings = await open(dataDir)
  await settings.set({ trashDays: 7 })
  settings.close()
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...defaultSettings, trashDays: 7, later: { a: 1 } })
})

test('one setting that is out of its bounds has its default, and is named', async () => {
  const { dataDir } = await makeFolder('{"version":1,"theme":"dark","zoomPercent":9000}')
  const settings = await open(dataDir)
  settings.close()
  expect([settings.get().theme, settings.get().zoomPercent, settings.trouble()?.message]).toEqual([
    'dark',
    100,
    expect.stringContaining('zoomPercent'),
  ])
})

test('a damaged file is kept aside at the next change', async () => {
  const { dataDir, file } = await makeFolder('{"version":1,"theme":')
  const settings = await open(dataDir)
  await settings.set({ theme: 'light' })
  settings.close()
  const aside = (await readdir(dataDir)).find((name) => name.startsWith('settings.json.corrupt-')) ?? ''
  expect({
    aside: await readFile(join(dataDir, aside), 'utf8'),
    theme: JSON.parse(await readFile(file, 'utf8')).theme,
    trouble: settings.trouble()?.kind,
  }).toEqual({ aside: '{"version":1,"theme":', theme: 'light', trouble: 'kept' })
})

test('damage does not take read-only away', async () => {
  const { dataDir } = await makeFolder('{"version":1,"readOnly": true,"theme":')
  const settings = await open(dataDir)
  settings.close()
  expect(settings.get().readOnly).toBe(true)
})

test('a file of a newer Rundesk is used as far as it is understood, and never written', async () => {
  const stored = '{"version":2,"theme":"dark","planets":9}'
  const { dataDir, file } = await makeFolder(stored)
  const settings = await open(dataDir)
  const refusal = await settings.set({ theme: 'light' }).catch((error: Error) => error.message)
  settings.close()
  expect([settings.get().theme, refusal, await readFile(file, 'utf8')]).toEqual([
    'dark',
    expect.stringContaining('newer Rundesk (version 2)'),
    stored,
  ])
})

test('a command line refuses settings that are damaged', async () => {
  const { dataDir } = await makeFolder('{"version":1')
  await expect(open(dataDir, { strict: true })).rejects.toMatchObject({ code: 'unreadable' })
})

test('what another process changes is followed', async () => {
  const { dataDir } = await makeFolder()
  const here = await open(dataDir)
  const there = await open(dataDir)
  await there.set({ theme: 'dark' })
  await eventually('the theme of the other', () => here.get().theme === 'dark')
  here.close()
  there.close()
})
