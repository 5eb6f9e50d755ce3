import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { type DeskWorld, makeWorld } from '../writebacks/deskWorld.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

interface Said {
  readonly code: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the answer of a command is looked into as it is
  readonly answer: any
  readonly errors: string
}

/** One person at a command line. */
async function openShell({ mount, home }: DeskWorld): Promise<(...args: readonly string[]) => Promise<Said>> {
  const script = await bundleScript(main)
  const dataDir = await makeTemporaryFolder()
  return (...args) =>
    new Promise((resolve) => {
      const all = [script, ...args, '-w', mount, '--data-dir', dataDir, '--json']
      execFile(process.execPath, all, { env: { ...process.env, HOME: home } }, (error, text, errors) => {
        const code = error ? Number(error.code ?? 1) : 0
        resolve({ code, text, errors, answer: text.startsWith('{') ? JSON.parse(text) : null })
      })
    })
}

const outcomes = ({ answer }: Said): readonly string[] =>
  answer.items.map(({ outcome }: { readonly outcome: string }) => outcome)

test('a plan changes nothing and tells what would be done; a retry does it, and the audit tells of it', async () => {
  const world = await makeWorld({ items: 3 })
  const shell = await openShell(world)
  const plan = await shell('retry', '--all', '--plan')
  const before = world.server.calls.length
  const retried = await shell('retry', '--all', '--canary', '--stop-after', '2', '--reason', 'the outage is over')
  const listed = await shell('operations')
  const audit = await shell('audit', '--search', 'docs/1.md')
  const left = await shell('writebacks')
  expect([
    [plan.code, plan.answer.counts.direct, before],
    [retried.code, outcomes(retried), world.server.applied.size],
    listed.answer.operations.map(({ id, reason }: Record<string, string>) => [id, reason]),
    audit.answer.entries.map(({ path, outcome, reason }: Record<string, string>) => [path, outcome, reason]),
    left.code,
  ]).toEqual([
    [0, 3, 0],
    [0, ['delivered', 'delivered', 'delivered'], 3],
    [[retried.answer.operation, 'the outage is over']],
    [['/docs/1.md', 'delivered', 'the outage is over']],
    0,
  ])
})

test('a refusal of the server is exit code 1, nothing to retry 2, an unknown key 4', async () => {
  const world = await makeWorld({ items: 2 })
  world.server.setFault(({ method }) => (method === 'POST' ? { kind: 'answer', status: 422 } : undefined))
  const shell = await openShell(world)
  const codes = [
    (await shell('retry', '--all', '--canary')).code,
    (await shell('retry')).code,
    (await shell('retry', '0123456789abcdef')).code,
    (await shell('operations', 'show', 'op_unknown')).code,
  ]
  expect(codes).toEqual([1, 2, 4, 4])
})

test('read-only refuses every act with the reason, and changes nothing', async () => {
  const world = await makeWorld({ items: 1 })
  const shell = await openShell(world)
  const retried = await shell('retry', '--all', '--read-only')
  const dismissed = await shell('dismiss', '--group', 'x', '--read-only')
  const relay = await readdir(join(world.mount, '.relay'))
  expect([
    retried.code,
    /read-only/.test(retried.errors),
    dismissed.code === 0,
    relay.includes('rundesk'),
    world.server.calls.length,
  ]).toEqual([4, true, false, false, 0])
})

test('a file is edited and delivered, dismissed evidence comes back by its operation, and an export names what is there', async () => {
  const world = await makeWorld({ items: 2 })
  const shell = await openShell(world)
  const [first, second] = (await shell('writebacks')).answer.items
  const content = join(await makeTemporaryFolder(), 'new.md')
  await writeFile(content, 'by hand\n')
  const edited = await shell('edit', first.key, '--file', content)
  const dismissed = await shell('dismiss', second.key)
  const restored = await shell('restore', '--operation', dismissed.answer.operation)
  const exported = await shell('export', '--format', 'csv')
  expect([
    [edited.code, outcomes(edited), world.server.files.get('/docs/0.md')?.content],
    await readFile(join(world.mount, 'docs/0.md'), 'utf8'),
    [outcomes(dismissed), outcomes(restored)],
    exported.text.includes(second.key),
  ]).toEqual([[0, ['delivered'], 'by hand\n'], 'by hand\n', [['dismissed'], ['restored']], true])
})
