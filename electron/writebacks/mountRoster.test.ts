import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeMount } from './mountDesk.testkit'
import { everything, letters, openDesk } from './openDesk.testkit'

test('one damaged entry of the registry hides no other, and is told', async () => {
  const home = await makeTemporaryFolder()
  const mount = await makeMount(letters(1))
  await mkdir(join(home, '.relayfile'))
  const entries = [{ name: 'bad', localDir: 5 }, 'text', null, { name: 'none' }, { name: 'good', localDir: mount }]
  await writeFile(join(home, '.relayfile/workspaces.json'), JSON.stringify({ workspaces: entries }))
  const desk = await openDesk([mount], { home })
  const { mounts, problems } = await desk.query(everything)
  expect([
    mounts.map(({ name, registered }) => [name, registered]),
    problems.filter(({ code }) => code === 'unreadable_registry').length,
    (await desk.registryMounts()).mounts.length,
  ]).toEqual([[['good', true]], 3, 1])
})

test('a folder that two workspaces claim is watched once, and told', async () => {
  const home = await makeTemporaryFolder()
  const mount = await makeMount(letters(1))
  await mkdir(join(home, '.relayfile'))
  const entries = ['one', 'two'].map((name) => ({ name, id: name, localDir: mount }))
  await writeFile(join(home, '.relayfile/workspaces.json'), JSON.stringify({ workspaces: entries }))
  const desk = await openDesk([mount, mount], { home })
  const { mounts, total, problems } = await desk.query(everything)
  expect([mounts.length, total, problems.map(({ code }) => code)]).toEqual([1, 1, ['duplicate_registration']])
})

test('a registered mount whose folder is gone is a problem, not "no failures"', async () => {
  const home = await makeTemporaryFolder()
  const mount = await makeMount(letters(1))
  await mkdir(join(home, '.relayfile'))
  await writeFile(
    join(home, '.relayfile/workspaces.json'),
    JSON.stringify({ workspaces: [{ name: 'a', localDir: mount }] }),
  )
  const desk = await openDesk([mount], { home })
  await rm(dirname(mount), { recursive: true })
  const page = await eventually('the missing folder', async () => {
    const answer = await desk.query(everything)
    return answer.mounts[0]?.folderMissing ? answer : undefined
  })
  expect([page.mounts.length, page.problems.map(({ code }) => code)]).toEqual([1, ['mount_missing']])
})
