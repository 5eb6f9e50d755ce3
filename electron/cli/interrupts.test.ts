import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openPage, visit } from '../host/openHost.testkit'
import { endSayingWhy } from './endings'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
/** Longer than any of these tests takes. */
const graceSeconds = 60

/** A workspace with a workflow whose only step does not end when it is told to, and a command line in it. */
async function setUp() {
  const script = await bundleScript(main)
  const folder = await makeTemporaryFolder()
  const [dataDir, workspace] = [join(folder, 'data'), join(folder, 'payments')]
  await Promise.all([mkdir(dataDir), mkdir(join(workspace, '.agent-relay'), { recursive: true })])
  await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ version: 1, graceSeconds }))
  const command = 'echo $$ > pid; trap "" TERM; while :; do sleep 0.1; done'
  const workflow = { name: 'holds', steps: [{ name: 'on', type: 'deterministic', command }] }
  await writeFile(
    join(workspace, 'holds.yaml'),
    JSON.stringify({ version: '1.0', name: 'holds', swarm: { pattern: 'dag' }, agents: [], workflows: [workflow] }),
  )
  const stepIsGoing = async (): Promise<void> => {
    const pid = await eventually('the step goes on', () => readFile(join(workspace, 'pid'), 'utf8').catch(() => null))
    onTestFinished(() => {
      process.kill(Number(pid), 'SIGKILL')
    })
  }
  const begin = (...args: readonly string[]) => {
    const child = spawn(process.execPath, [script, ...args, '-w', workspace, '--data-dir', dataDir], {
      cwd: workspace,
      env: { ...process.env, HOME: folder },
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const printed = { out: '', said: '' }
    child.stdout.on('data', (chunk) => {
      printed.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      printed.said += chunk
    })
    return { child, printed }
  }
  return { begin, stepIsGoing }
}

/** Sends the signal, waits for what is said to it, and then sends it until the process has ended; gives its exit code. */
async function insist(child: ChildProcess, signal: NodeJS.Signals, isHeard: () => boolean): Promise<number | null> {
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  child.kill(signal)
  await eventually('the first signal is heard', isHeard)
  const again = setInterval(() => child.kill(signal), 100)
  return ended.finally(() => clearInterval(again))
}

test('who interrupts a run twice does not wait for its end, and is told how it goes on', async () => {
  const { begin, stepIsGoing } = await setUp()
  const { child, printed } = begin('start', 'holds.yaml')
  await stepIsGoing()
  const code = await insist(child, 'SIGINT', () => printed.said.includes('interrupted: cancelling the run'))
  const [, runId] = /run ([0-9a-f]{24}) /.exec(printed.said) ?? []
  expect([code, printed.said.trim().split('\n').at(-1)]).toEqual([
    130,
    `ended at once, before the run was cancelled. Go on with it: rundesk resume ${runId}`,
  ])
})

test('a host that is ended says which runs it ends first, and does not wait for them when it is ended again', async () => {
  const { begin, stepIsGoing } = await setUp()
  const { child, printed } = begin('serve')
  const address = await eventually('it serves', () => /http:\S+/.exec(printed.out)?.[0])
  const page = await openPage(new URL(address).origin, await visit(new URL(address)))
  if (typeof page === 'number') throw new Error(`The page was refused: ${page}`)
  const answers: { readonly id?: number; readonly outcome?: { readonly value: never } }[] = []
  page.on('message', (data) => answers.push(JSON.parse(String(data))))
  const ask = async (id: number, channel: string, input: object): Promise<Record<string, never>> => {
    page.send(JSON.stringify({ id, channel, input }))
    const { outcome } = await eventually(channel, () => answers.find((answer) => answer.id === id))
    return outcome?.value ?? {}
  }
  const [workspace] = (await ask(1, 'workspaces:list', {})).workspaces as unknown as readonly { readonly id: string }[]
  await ask(2, 'workflows:start', { workspaceId: workspace?.id, file: 'holds.yaml', vars: {} })
  await stepIsGoing()
  const code = await insist(child, 'SIGTERM', () => printed.said.includes('ending what it executes'))
  expect([code, printed.said.trim().split('\n')]).toEqual([
    143,
    [
      expect.stringMatching(
        /^rundesk: ending what it executes: holds \([0-9a-f]{24}\)\. Interrupt it again to end it at once\.$/,
      ),
      expect.stringMatching(/^rundesk: ended at once\. Cut off: holds \([0-9a-f]{24}\); resume what you need\.$/),
    ],
  ])
})

test('an end that takes too long says again and again what it waits for', async () => {
  const said: string[] = []
  let unsavedRows = 2
  const app = { executing: () => [], unsavedRows: () => unsavedRows, settings: () => ({ graceSeconds }) }
  const saidMore = (count: number) => () => eventually('it says what it waits for', () => said.length >= count)
  const twoReasons = async (): Promise<void> => {
    await saidMore(1)()
    unsavedRows = 0
    await saidMore(said.length + 1)()
  }
  await endSayingWhy(twoReasons, { app, terminal: { say: (text) => said.push(text) }, lateMs: 5 })
  expect([said[0], said.at(-1)]).toEqual([
    'rundesk: it has not ended: it waits for the disk, which refused 2 of its rows. Interrupt it again to end it at once.',
    'rundesk: it has not ended: it waits for its last files to be written. Interrupt it again to end it at once.',
  ])
})
