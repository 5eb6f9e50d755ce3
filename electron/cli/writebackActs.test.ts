import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { type DeskWorld, makeWorld } from '../writebacks/deskWorld.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

interface Said {
  readonly code: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the answer of a command is looked into as it is
  readonly answer: any
  readonly errors: string
}

type Shell = (...args: readonly string[]) => Promise<Said>

/** One person at a command line. */
async function openShell(world: DeskWorld): Promise<Shell> {
  const begin = await openTerminal(world)
  return (...args) => begin(...args).said
}

/** As `openShell`, for commands to which something is done while they run. */
async function openTerminal({
  mount,
  home,
}: DeskWorld): Promise<(...args: readonly string[]) => { readonly child: ChildProcess; readonly said: Promise<Said> }> {
  const script = await bundleScript(main)
  const dataDir = await makeTemporaryFolder()
  return (...args) => {
    const all = [script, ...args, '-w', mount, '--data-dir', dataDir, '--json']
    const child = spawn(process.execPath, all, { env: { ...process.env, HOME: home } })
    onTestFinished(() => void child.kill('SIGKILL'))
    let text = ''
    let errors = ''
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString()
    })
    child.stderr.on('data', (part: Buffer) => {
      errors += part.toString()
    })
    const said = new Promise<Said>((resolve) => {
      child.on('close', (code) =>
        resolve({ code: code ?? -1, text, errors, answer: text.startsWith('{') ? JSON.parse(text) : null }),
      )
    })
    return { child, said }
  }
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
  const shown = await shell('operations', 'show', retried.answer.operation)
  const audit = await shell('audit', '--search', 'docs/1.md')
  const left = await shell('writebacks')
  expect([
    [plan.code, plan.answer.counts.direct, before],
    [retried.code, outcomes(retried), world.server.applied.size],
    listed.answer.operations.map(({ id, reason }: Record<string, string>) => [id, reason]),
    [shown.answer.act, shown.answer.reason, shown.answer.by, outcomes(shown).length],
    audit.answer.entries.map(({ path, outcome, reason }: Record<string, string>) => [path, outcome, reason]),
    left.code,
  ]).toEqual([
    [0, 3, 0],
    [0, ['delivered', 'delivered', 'delivered'], 3],
    [[retried.answer.operation, 'the outage is over']],
    ['retry', 'the outage is over', listed.answer.operations[0].by, 3],
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

test('a number that cannot be is named with what would do, before anything is done', async () => {
  const world = await makeWorld({ items: 1 })
  const shell = await openShell(world)
  const said = [
    await shell('retry', '--all', '--rate', '0'),
    await shell('retry', '--all', '--stop-after', 'x'),
    await shell('retry', '--all', '--stop-after', '0'),
    await shell('retry', '--all', '--wait', '-1'),
  ]
  expect([said.map(({ code, errors }) => [code, errors.split('\n')[0]]), world.server.calls.length]).toEqual([
    [
      [2, "error: option '--rate <n>' argument '0' is invalid. Give a number from 0.01 to 100,000."],
      [2, "error: option '--stop-after <n>' argument 'x' is invalid. Give a whole number from 0 on."],
      [2, "error: option '--stop-after <n>' argument '0' is invalid. Give a whole number from 1 on."],
      [2, "error: option '--wait <seconds>' argument '-1' is invalid. Give a number from 0 on."],
    ],
    0,
  ])
})

test('an interrupt in the middle of a retry ends it in order: every item has an outcome, and the exit code is 1', async () => {
  const world = await makeWorld({ items: 60 })
  const begin = await openTerminal(world)
  const { child, said } = begin('retry', '--all', '--rate', '10')
  await someWereSent(world)
  child.kill('SIGINT')
  const { code, answer, errors } = await said
  const { delivered, skipped, ...others } = countsOf(answer.items)
  expect([
    [code, answer.state, answer.stopped],
    [delivered === world.server.applied.size, Number(delivered) + Number(skipped), others],
    errors.includes('rundesk: ending the operation …'),
  ]).toEqual([[1, 'ended', 'Ended by a person before everything was done.'], [true, 60, {}], true])
})

test('what a killed retry did not come to is told as not begun, never as sent; continued it delivers the rest', async () => {
  const world = await makeWorld({ items: 30 })
  const begin = await openTerminal(world)
  const { child, said } = begin('retry', '--all', '--rate', '10')
  await someWereSent(world)
  child.kill('SIGKILL')
  await said
  const [{ id }] = (await begin('operations').said).answer.operations
  const shown = await begin('operations', 'show', id).said
  const again = await begin('retry', '--all').said
  const ended = await begin('operations', 'continue', id).said
  const twice = await begin('operations', 'continue', id).said
  const known = countsOf(shown.answer.items)
  expect([
    [shown.code, shown.answer.state, Object.keys(known).sort(), shown.errors.includes(`operations continue ${id}`)],
    [again.code, Object.keys(countsOf(again.answer.items))],
    [ended.code, ended.answer.state, countsOf(ended.answer.items), Math.max(...world.server.applied.values())],
    twice.code,
  ]).toEqual([[0, 'interrupted', ['delivered', 'null'], true], [4, ['changed']], [0, 'ended', { delivered: 30 }, 1], 4])
})

function someWereSent({ server }: DeskWorld): Promise<unknown> {
  return eventually('some were sent', () => server.applied.size > 3)
}

function countsOf(items: readonly { readonly outcome: string | null }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { outcome } of items) counts[String(outcome)] = (counts[String(outcome)] ?? 0) + 1
  return counts
}

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

test('one writeback is told with its tries, its records, and a command line for each act that is there to be typed', async () => {
  const world = await makeWorld({ items: 1 })
  const shell = await openShell(world)
  const { key, path } = (await shell('writebacks')).answer.items[0]
  const { code, answer } = await shell('writeback', key)
  const unknown = await shell('writeback', '0123456789abcdef')
  const help = (await shell('--help')).text
  const typed: readonly string[] = answer.commands.map(({ text }: { readonly text: string }) => text.split(' ')[1])
  expect([
    [code, answer.item.path, answer.attempts.length > 0, unknown.code],
    typed.filter((command) => !help.includes(`  ${command} `)),
    ['writeback', 'compare', 'retry', 'edit', 'dismiss', 'restore', 'export', 'group'].filter(
      (command) => !typed.includes(command),
    ),
  ]).toEqual([[0, path, true, 4], [], []])
})

test('content that is no text is refused before anything is changed; a byte order mark is kept', async () => {
  const world = await makeWorld({ items: 2 })
  const shell = await openShell(world)
  const [first, second] = (await shell('writebacks')).answer.items
  const folder = await makeTemporaryFolder()
  await writeFile(join(folder, 'image'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]))
  await writeFile(join(folder, 'marked'), '\ufeffby hand\n')
  const before = await readFile(join(world.mount, first.path))
  const refused = await shell('edit', first.key, '--file', join(folder, 'image'))
  const edited = await shell('edit', second.key, '--file', join(folder, 'marked'))
  expect([
    [refused.code, await readFile(join(world.mount, first.path))],
    [edited.code, await readFile(join(world.mount, second.path), 'utf8')],
  ]).toEqual([
    [2, before],
    [0, '\ufeffby hand\n'],
  ])
})

test('a command that acts empties what has lain in the trash for too long; one that only looks, or may not act, does not', async () => {
  const world = await makeWorld({ items: 2 })
  const shell = await openShell(world)
  const keys: readonly string[] = (await shell('writebacks')).answer.items.map(({ key }: { key: string }) => key)
  const { operation } = (await shell('dismiss', keys[0] ?? '')).answer
  const trash = join(world.mount, '.relay/rundesk/trash')
  const longAgo = Date.now() / 1000 - 31 * 24 * 3600
  await utimes(join(trash, operation), longAgo, longAgo)
  const looked = await shell('dismiss', keys[1] ?? '', '--plan')
  const afterLook = await readdir(trash)
  const refused = await shell('dismiss', keys[1] ?? '', '--read-only')
  const afterRefusal = await readdir(trash)
  const acted = await shell('dismiss', keys[1] ?? '')
  expect([
    [looked.code, afterLook],
    [refused.code, afterRefusal],
    [acted.code, acted.errors, await readdir(trash)],
  ]).toEqual([
    [0, [operation]],
    [4, [operation]],
    [0, '', [acted.answer.operation]],
  ])
})
