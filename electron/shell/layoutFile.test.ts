import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openLayoutFile, type WindowPlace, withWindows } from './layoutFile'

const window: WindowPlace = { x: 1, y: 2, width: 800, height: 600, maximized: false, place: '#/w/all/runs' }

test('windows are remembered for each arrangement of displays', async () => {
  const dir = await makeTemporaryFolder()
  const { layout, write } = await openLayoutFile(dir)
  const one = withWindows(layout, 'one display', [window])
  await write(withWindows(one, 'two displays', [{ ...window, x: 2000 }]))
  const { screens } = (await openLayoutFile(dir)).layout
  expect(screens).toEqual([
    { displays: 'two displays', windows: [{ ...window, x: 2000 }] },
    { displays: 'one display', windows: [window] },
  ])
})

test.each(['', '{', '[]', '{"version":2,"splits":{},"screens":[{"displays":7}]}'])(
  'a damaged file (%j) is kept aside and told, and a new one is written',
  async (text) => {
    const dir = await makeTemporaryFolder()
    await writeFile(join(dir, 'window.json'), text)
    const { notice, layout, write } = await openLayoutFile(dir)
    await write(withWindows(layout, 'one', [window]))
    const names = (await readdir(dir)).toSorted()
    expect({
      notice: notice?.includes(names[1] ?? '?'),
      names,
      kept: await readFile(join(dir, names[1] ?? ''), 'utf8'),
    }).toEqual({ notice: true, names: ['window.json', expect.stringMatching(/^window\.json\.corrupt-/)], kept: text })
  },
)

test('the file of a newer Rundesk is told and never written over', async () => {
  const dir = await makeTemporaryFolder()
  await writeFile(join(dir, 'window.json'), '{"version":3}')
  const { notice, layout, write } = await openLayoutFile(dir)
  await write(withWindows(layout, 'one', [window]))
  expect([notice, await readFile(join(dir, 'window.json'), 'utf8')]).toEqual([
    expect.stringContaining('newer Rundesk'),
    '{"version":3}',
  ])
})
