import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import {
  type Browser,
  test as base,
  chromium,
  type ElectronApplication,
  _electron as electron,
  type Page,
} from '@playwright/test'
import { openPackaged, type PackagedApp } from './packagedApp'

const root = resolve(import.meta.dirname ?? '.', '..')
const cli = join(root, 'bin', 'rundesk.mjs')

/** The app in one of its three forms, on a workspace and a data folder of its own. */
export interface Opened {
  readonly page: Page
  /** The app itself; null in a browser and in a package. */
  readonly electron: ElectronApplication | null
  /** The package; null elsewhere. */
  readonly packaged: PackagedApp | null
  readonly workspace: string
  /** The run store's file. */
  readonly store: string
}

/** How a story opens the app: as the demo, or with other environment variables than the tester's, such as HOME. */
export interface OpenOptions {
  readonly demo?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** More for its command line. */
  readonly more?: readonly string[]
  /** Hears what the app's process prints. */
  readonly onOutput?: (text: string) => void
  /** Hears of the page before anything is loaded in it, where that can be. */
  readonly onPage?: (page: Page) => void
}

/** What a story has: a fresh workspace, and the app opened on it. */
export const test = base.extend<{
  workspace: string
  /** What ends what the story started, the last one first; called also when the story fails. */
  closers: (() => Promise<unknown>)[]
  open: (options?: OpenOptions) => Promise<Opened>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: the signature that Playwright reads
  workspace: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'rundesk-e2e-'))
    const workspace = join(folder, 'payments')
    await mkdir(join(workspace, '.agent-relay'), { recursive: true })
    await use(workspace)
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  },
  // biome-ignore lint/correctness/noEmptyPattern: the signature that Playwright reads
  closers: async ({}, use) => {
    const closers: (() => Promise<unknown>)[] = []
    await use(closers)
    for (const close of closers.reverse()) await close()
  },
  open: async ({ workspace, closers }, use, info) => {
    const target = String(info.project.metadata.target)
    await use(async ({ demo = false, env = {}, more = [], onOutput, onPage } = {}) => {
      const dataDir = join(dirname(workspace), 'data')
      const args = [...(demo ? ['--demo'] : ['-w', workspace, '--data-dir', dataDir]), ...more]
      const start: Start = { args, env: { ...environment(), ...env }, onOutput, onPage }
      const app = target === 'electron' ? await openElectron(start, closers) : null
      const packaged = target === 'packaged' ? await openPackaged({ ...start, closers }) : null
      const page = app ? await app.firstWindow() : (packaged?.page ?? (await openBrowser(start, closers)))
      if (target !== 'browser') onPage?.(page)
      await page.getByRole('navigation').first().waitFor()
      return { page, electron: app, packaged, workspace, store: join(workspace, '.agent-relay', 'workflow-runs.jsonl') }
    })
  },
})

/** What a process is started with. */
interface Start {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly onOutput: ((text: string) => void) | undefined
  readonly onPage: ((page: Page) => void) | undefined
}

/** The tester's own environment. */
export function environment(): Record<string, string> {
  const given = Object.entries(process.env)
  return Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

async function openElectron(
  { args, env, onOutput }: Start,
  closers: (() => Promise<unknown>)[],
): Promise<ElectronApplication> {
  const app = await electron.launch({
    executablePath: required('RUNDESK_TEST_ELECTRON'),
    args: [root, ...args],
    env,
    timeout: 30_000,
  })
  closers.push(() => app.close())
  const evaluate = app.evaluate.bind(app)
  // The debugger holds the answer that it waits for weakly: main may tidy it away with its memory. All that is asked here may be asked twice.
  app.evaluate = (async (...asked: Parameters<typeof evaluate>) =>
    evaluate(...asked).catch((error: unknown) => {
      if (!String(error).includes('garbage collected')) throw error
      return evaluate(...asked)
    })) as typeof app.evaluate
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (chunk: Buffer) => onOutput?.(chunk.toString('utf8')))
  return app
}

async function openBrowser({ args, env, onOutput, onPage }: Start, closers: (() => Promise<unknown>)[]): Promise<Page> {
  const command = args.includes('--demo') ? ['demo', ...args.filter((arg) => arg !== '--demo')] : ['serve', ...args]
  const url = await serve(command, closers, { env, onOutput })
  const browser = await startChromium(closers)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } }) // As the app's own window.
  onPage?.(page)
  await page.goto(url)
  return page
}

/** Starts Debian's browser, as a person has it, with more for its command line. */
export async function startChromium(
  closers: (() => Promise<unknown>)[],
  more: readonly string[] = [],
): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-background-networking', ...more],
  })
  closers.push(() => browser.close())
  return browser
}

/** Starts the command line's server and gives the address that it prints. */
export async function serve(
  args: readonly string[],
  closers: (() => Promise<unknown>)[],
  {
    env = environment(),
    onOutput,
    command = cli,
  }: Partial<Pick<Start, 'env' | 'onOutput'>> & { command?: string } = {},
): Promise<string> {
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk)
    onOutput?.(chunk.toString('utf8'))
  })
  const ended = new Promise<void>((done) => {
    child.on('exit', () => done())
  })
  closers.push(() => {
    child.kill('SIGTERM')
    return ended
  })
  return new Promise((found, fail) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      onOutput?.(chunk.toString('utf8'))
      const url = /http:\/\/\S+/.exec(text)?.[0]
      if (url) found(url)
    })
    child.on('exit', (code) => fail(new Error(`rundesk ended with ${code}: ${text}`)))
  })
}

/** Runs the command line and gives its exit code and its JSON. */
export function rundesk(args: readonly string[]): Promise<{ readonly code: number | null; readonly json: unknown }> {
  const child = spawn(process.execPath, [cli, ...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  return new Promise((done) => {
    child.on('close', (code) => done({ code, json: text.startsWith('{') ? JSON.parse(text) : null }))
  })
}

/** A workflow file of shell steps. `change` replaces keys of the whole file. */
export async function writeWorkflow(
  workspace: string,
  name: string,
  steps: readonly object[],
  change: object = {},
): Promise<string> {
  const file = join(workspace, `${name}.yaml`)
  const flow = {
    version: '1.0',
    name,
    swarm: { pattern: 'dag' },
    agents: [],
    errorHandling: { strategy: 'fail-fast' },
    workflows: [{ name, steps: steps.map((step) => ({ type: 'deterministic', ...step })) }],
    ...change,
  }
  await writeFile(file, JSON.stringify(flow))
  return file
}

/** Lines of the run store for one run that has only its first line. */
export function runLine(change: object): string {
  const at = new Date().toISOString()
  const row = {
    id: 'a'.repeat(24),
    workspaceId: 'local',
    workflowName: 'written-elsewhere',
    pattern: 'dag',
    status: 'completed',
    config: {},
    startedAt: at,
    createdAt: at,
    updatedAt: at,
    ...change,
  }
  return `${JSON.stringify({ kind: 'run', row })}\n`
}

/** What the processes that have the data folder, or left it without closing, say of themselves. */
export async function marksOf(workspace: string): Promise<readonly { readonly pid: number; readonly runs: unknown }[]> {
  const folder = join(dirname(workspace), 'data', 'running')
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => null)))
  return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text)]))
}

/** What the tests were given in the environment. */
export function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the end-to-end tests with npm test`)
  return value
}
