import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createRunStore } from './runStore'
import { makeRunLine, toFile } from './storeLines.testkit'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const shared = '0'.repeat(24)
const ownRun = (name: string): string => name.charCodeAt(0).toString(16).repeat(12)
const claims = 8

async function runProcess(args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [...args], { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return new Promise((resolve) => child.on('close', resolve))
}

test('eight processes lose no update of each other, and a ninth reads every line whole meanwhile', async () => {
  const script = await bundleScript(join(dirname(fileURLToPath(import.meta.url)), 'claimMany.testkit.ts'))
  const workspaceDir = await makeTemporaryFolder()
  const store = createRunStore({ workspaceDir, watch: false })
  await mkdir(dirname(store.file))
  await writeFile(store.file, toFile([shared, ...names.map(ownRun)].map((id) => makeRunLine({ id }))))
  await store.load()
  let going = true
  const ends = Promise.all(
    names.map((name) => runProcess([script, workspaceDir, shared, ownRun(name), name, String(claims)])),
  ).finally(() => {
    going = false
  })
  const problems = new Set<string>()
  while (going) {
    await store.refresh()
    for (const { message } of store.problems()) problems.add(message)
    await new Promise(setImmediate)
  }
  const exits = await ends
  await store.refresh()
  const made = await Promise.all([shared, ...names.map(ownRun)].map(async (id) => (await store.read(id))?.run.made))
  const wanted = names.map((name) => Array.from({ length: claims }, (_, n) => `${name}${n}`))
  expect({ exits, problems: [...problems], shared: [...(made[0] as string[])].sort(), own: made.slice(1) }).toEqual({
    exits: names.map(() => 0),
    problems: [],
    shared: wanted.flat().sort(),
    own: wanted,
  })
})
