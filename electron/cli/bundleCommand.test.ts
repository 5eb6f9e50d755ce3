import { execFile, spawn } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** A home with a workspace that has a damaged line, and a command line in it. */
async function setUp() {
  const script = await bundleScript(main)
  const home = join(await makeTemporaryFolder(), 'carola')
  const workspace = join(home, 'payments')
  await mkdir(join(workspace, '.agent-relay'), { recursive: true })
  await writeFile(join(workspace, '.agent-relay/workflow-runs.jsonl'), '{"dear diary": \n')
  const env = { PATH: process.env.PATH ?? '', HOME: home, USER: 'carola', MY_API_KEY: 'swordfish-9', LANG: 'C.UTF-8' }
  const args = [script, 'doctor', '--data-dir', join(home, 'data'), '-w', workspace, '--bundle']
  const rundesk = (more: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((done) => {
      const options = { env, cwd: home, timeout: 60_000 }
      execFile(process.execPath, [...args, ...more], options, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      )
    })
  return { home, env, args, rundesk }
}

test('with --yes it is printed and saved for the user alone, without anything private', async () => {
  const { home, rundesk } = await setUp()
  const file = join(home, 'bundle.json')
  const { code, stdout, stderr } = await rundesk([file, '--yes'])
  const saved = await readFile(file, 'utf8')
  const { rundesk: facts, problems } = JSON.parse(saved)
  expect([code, stdout, (await stat(file)).mode & 0o777]).toEqual([0, saved, 0o600])
  expect([facts.host, problems.length]).toEqual(['cli', 1])
  for (const secret of ['carola', home, 'swordfish', 'dear diary']) expect(saved).not.toContain(secret)
  expect(stderr).toContain(`Saved for you alone: ${file}`)
})

test('a file that is there already is not overwritten', async () => {
  const { home, rundesk } = await setUp()
  await writeFile(join(home, 'mine.txt'), 'precious')
  const { code, stdout, stderr } = await rundesk(['mine.txt', '--yes'])
  expect([code, stdout, await readFile(join(home, 'mine.txt'), 'utf8')]).toEqual([4, '', 'precious'])
  expect(stderr).toContain('is there already, so nothing was written. Name another file.')
})

test('where nobody can be asked it is shown and not saved; with --json it is one document', async () => {
  const { home, rundesk } = await setUp()
  const shown = await rundesk(['bundle.json'])
  const documented = await rundesk(['bundle.json', '--json', '--yes'])
  const { saved, bundle } = JSON.parse(documented.stdout)
  expect([shown.code, typeof JSON.parse(shown.stdout), shown.stderr]).toEqual([
    ...[4, 'object', 'Nothing was saved. Add --yes to save it without a question.\n'],
  ])
  expect([documented.code, saved, bundle.rundesk.host]).toEqual([0, join(home, 'bundle.json'), 'cli'])
})

test.each([
  ['y', true],
  ['n', false],
])('a person at a terminal is asked: %s', async (answer, saves) => {
  const { home, env, args } = await setUp()
  const quoted = [process.execPath, ...args, 'asked.json'].map((part) => `'${part}'`).join(' ')
  const child = spawn('script', ['-qec', quoted, '/dev/null'], { cwd: home, env })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (!text.includes('[y/N]') && (text + chunk.toString('utf8')).includes('[y/N]')) child.stdin.write(`${answer}\r`)
    text += chunk.toString('utf8')
  })
  await new Promise((done) => child.on('close', done))
  const saved = await stat(join(home, 'asked.json')).then(
    () => true,
    () => false,
  )
  expect([text.includes('"madeAt"'), saved]).toEqual([true, saves])
})
