import { type ChildProcess, spawn } from 'node:child_process'
import { chromium, type Page } from '@playwright/test'

/** The packaged app: its fuses refuse Playwright's launcher, so that it is driven over a debugging port. */
export interface PackagedApp {
  /** Its first window. */
  readonly page: Page
  readonly process: ChildProcess
  /** Resolves with the exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** All windows that are there. */
  readonly pages: () => readonly Page[]
  /** Its first window anew: the driver has no way back to a page whose process crashed. */
  readonly reconnect: () => Promise<Page>
}

/** The program that the tests were given. */
export function packagedProgram(): string {
  const program = process.env.RUNDESK_TEST_PACKAGED
  if (!program) throw new Error('RUNDESK_TEST_PACKAGED is not set: run the end-to-end tests with npm test')
  return program
}

/** Starts the packaged app and waits for its first window. What it prints goes to `onOutput`. */
export async function openPackaged({
  program = packagedProgram(),
  args,
  env,
  onOutput,
  closers,
}: {
  readonly program?: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly onOutput?: ((text: string) => void) | undefined
  /** Gets what ends the app again. */
  readonly closers: (() => Promise<unknown>)[]
}): Promise<PackagedApp> {
  const child = spawn(program, [...args, '--remote-debugging-port=0'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((done) => {
    child.on('exit', (code) => done(code))
  })
  closers.push(() => {
    child.kill('SIGTERM')
    return ended
  })
  const url = await new Promise<string>((found, fail) => {
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
        onOutput?.(chunk.toString('utf8'))
        const told = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
        if (told) found(told)
      })
    child.on('error', fail)
    child.on('exit', (code, signal) => fail(new Error(`The package ended with ${code ?? signal}: ${text}`)))
  })
  let pages: readonly Page[] = []
  const connect = async (): Promise<Page> => {
    const browser = await chromium.connectOverCDP(url)
    closers.push(() => browser.close())
    const [context] = browser.contexts()
    if (!context) throw new Error('The package shows nothing over its debugging port')
    const page = context.pages()[0] ?? (await context.waitForEvent('page'))
    pages = context.pages()
    return page
  }
  return { page: await connect(), process: child, ended, pages: () => pages, reconnect: connect }
}
