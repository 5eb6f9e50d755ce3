import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { type PostgresRole, startPostgres, type TestPostgres } from '../electron/sources/dbos/postgres.testkit'
import { postgresBinaries } from '../electron/sources/dbos/postgresBinaries.testkit'
import { startWorker, type Worker, type WorkerOptions } from '../electron/sources/dbos/startWorker.testkit'
import { startTcpProxy, type TcpProxy } from '../electron/sources/dbos/tcpProxy.testkit'
import { test as base, type Opened, type OpenOptions } from './open'

/** A real PostgreSQL with a database of its own for the story, real DBOS workers, and the app with that as a source. */
export interface DbosStory {
  readonly postgres: TestPostgres
  /** Between the app and the server. */
  readonly proxy: TcpProxy
  readonly database: string
  readonly worker: (options?: Partial<WorkerOptions>) => Promise<Worker>
  readonly statusOf: (runId: string) => Promise<string>
  readonly until: (runId: string, status: string) => Promise<void>
  /** Opens the app, which finds its connections in READ_URL and WRITE_URL. */
  readonly open: (options?: OpenOptions) => Promise<Opened>
}

let made = 0

/** What a story about remote runs has. All its tests of one file share a server. */
export const test = base.extend<{ dbos: DbosStory }, { postgres: TestPostgres | null }>({
  postgres: [
    // biome-ignore lint/correctness/noEmptyPattern: the signature that Playwright reads
    async ({}, use) => {
      const bin = postgresBinaries()
      const postgres = bin === undefined ? null : await startPostgres(bin)
      await use(postgres)
      await postgres?.close()
    },
    { scope: 'worker' },
  ],
  dbos: async ({ postgres, open, closers }, use, info) => {
    info.skip(postgres === null, 'There is no PostgreSQL.')
    if (!postgres) return
    const folder = await mkdtemp(join(tmpdir(), 'rundesk-dbos-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const database = `story_${made++}`
    await postgres.createDatabase(database)
    const proxy = await startTcpProxy({ to: postgres.port })
    closers.push(proxy.close)
    const url = (role: PostgresRole): string => postgres.url(role, database, proxy.port)
    const statusOf = (runId: string): Promise<string> =>
      postgres.sql(database, `select status from dbos.workflow_status where workflow_uuid = '${runId}'`)
    await use({
      postgres,
      proxy,
      database,
      worker: async (options = {}) => {
        const worker = await startWorker({ url: postgres.url('owner', database), folder, ...options })
        closers.push(worker.kill)
        return worker
      },
      statusOf,
      until: async (runId, status) => {
        await expect.poll(() => statusOf(runId)).toBe(status)
      },
      open: (options = {}) =>
        open({ ...options, env: { READ_URL: url('reader'), WRITE_URL: url('writer'), ...options.env } }),
    })
  },
})

/** Adds the source as a person does: what it reads with, and what it acts with unless told otherwise. */
export async function addSource(page: Page, { mayAct = true }: { readonly mayAct?: boolean } = {}): Promise<void> {
  await page.getByRole('button', { name: 'Add remote source' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a remote source' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('shop')
  await dialog.getByRole('textbox', { name: 'Environment variable' }).fill('READ_URL')
  if (mayAct) {
    await dialog.getByRole('button', { name: 'Add a connection to act with' }).click()
    await dialog.getByRole('textbox', { name: 'Environment variable' }).last().fill('WRITE_URL')
  }
  await dialog.getByRole('button', { name: 'Add source' }).click()
  await expect(page.getByRole('heading', { name: 'shop' })).toBeVisible()
}

/** The rows of the list of runs. */
export function runsOf(page: Page): Locator {
  return page.getByRole('listbox', { name: 'Runs of shop' }).getByRole('option')
}

/** Opens a run of the list by the beginning of its name. */
export async function openRun(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('listbox', { name: 'Runs of shop' }).getByRole('option', { name }).first().click()
}

/** Presses a button of the open run, says yes where it is asked, and does the act; gives the dialog, which tells what became of it. */
export async function act(
  page: Page,
  {
    press,
    title,
    confirm = false,
    act: word,
  }: { readonly press: string; readonly title: string; readonly confirm?: boolean; readonly act: string },
): Promise<Locator> {
  await page.getByRole('button', { name: press, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: title })
  if (confirm) await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: word }).click()
  await expect(dialog.getByRole('status')).toContainText('Done.')
  return dialog
}
