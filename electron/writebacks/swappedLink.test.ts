import { renameSync, symlinkSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { interposeDisk } from '../files/interposeDisk.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { itemsOf, makeWorld, whenDone } from './deskWorld.testkit'

test('a folder of the mount that becomes a link out of it between check and write is not written through', async () => {
  const { openWindow, server, mount } = await makeWorld()
  const outside = await makeTemporaryFolder()
  await writeFile(join(outside, '0.md'), 'new 0') // As in the mount, so that no hash tells them apart.
  const desk = await openWindow()
  const [item] = await itemsOf(desk)
  const docs = join(mount, 'docs')
  let swapped = false
  const stop = interposeDisk(mount, {
    after: ({ data }) => {
      if (swapped || !data?.toString().includes('"writing"')) return
      swapped = true
      renameSync(docs, `${docs}.moved`)
      symlinkSync(outside, docs)
    },
  })
  onTestFinished(stop)
  const ref = { key: item?.key ?? '', version: item?.version ?? '', reason: null }
  const { operation } = await desk.acts.edit({ ...ref, content: 'edited' })
  const { items } = await whenDone(desk, operation.id, ['ended', 'following'])
  expect({
    swapped,
    outcome: items[0]?.outcome,
    says: items[0]?.detail.includes('behind a link that leads out of'),
    outside: [await readdir(outside), await readFile(join(outside, '0.md'), 'utf8')],
    sent: server.applied.size,
  }).toEqual({ swapped: true, outcome: 'refused', says: true, outside: [['0.md'], 'new 0'], sent: 0 })
})
