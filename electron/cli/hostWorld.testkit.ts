import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openPage, visit } from '../host/openHost.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
/** Longer than any of these tests takes. */
export const graceSeconds = 60

/** A workspace with a workflow whose only step does not end when it is told to, and a command line in it. */
export async function openHostWorld() {
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
  /** Waits until the mark of the one host that runs tells of this. */
  const markTells = async (what: string): Promise<void> => {
    const marks = join(dataDir, 'running')
    await eventually(`the mark to tell of ${what}`, async () => {
      const [name = ''] = await readdir(marks).catch(() => [])
      return (await readFile(join(marks, name), 'utf8').catch(() => '')).includes(what)
    })
  }
  return { begin, stepIsGoing, markTells }
}

/** What a page of a host may ask. */
export interface AskingPage {
  readonly ask: (channel: string, input: object) => Promise<Record<string, unknown>>
}

/** Opens a page of the host that printed its address. */
export async function pageOf(printed: { readonly out: string }): Promise<AskingPage> {
  const address = new URL(await eventually('it serves', () => /http:\S+/.exec(printed.out)?.[0]))
  const page = await openPage(address.origin, await visit(address))
  if (typeof page === 'number') throw new Error(`The page was refused: ${page}`)
  const answers: { readonly id?: number; readonly outcome?: { readonly value: Record<string, unknown> } }[] = []
  page.on('message', (data) => answers.push(JSON.parse(String(data))))
  let last = 0
  return {
    ask: async (channel, input) => {
      const id = ++last
      page.send(JSON.stringify({ id, channel, input }))
      const { outcome } = await eventually(channel, () => answers.find((answer) => answer.id === id))
      return outcome?.value ?? {}
    },
  }
}

/** Starts the workflow from a page; gives the run's id. */
export async function startHolds({ ask }: AskingPage): Promise<string> {
  const [workspace] = (await ask('workspaces:list', {})).workspaces as readonly { readonly id: string }[]
  const { run } = await ask('workflows:start', { workspaceId: workspace?.id, file: 'holds.yaml', vars: {} })
  return (run as { readonly id: string }).id
}
