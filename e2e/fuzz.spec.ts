import { spawnSync } from 'node:child_process'
import { lstat, mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import { attack } from './attack'
import { layBait, test } from './deskWorld'

const count = Number(process.env.RUNDESK_HOSTILE_MESSAGES ?? 2_500)
const seed = Number(process.env.RUNDESK_SEED ?? 1)

test(`${count} hostile messages are each answered, change nothing outside, and leave the app as it was`, async ({
  open,
  desk,
  workspace,
}) => {
  test.setTimeout(60_000 + count * 60)
  const root = dirname(workspace)
  const outside = await layBait(desk, workspace)
  spawnSync('mkfifo', [join(outside, 'pipe')])
  await mkdir(join(root, 'tmp'))
  const bugs: string[] = []
  const { page, electron } = await open({
    env: { HOME: desk.home, TMPDIR: join(root, 'tmp') },
    onOutput: (text) => {
      if (!isChromium(text)) bugs.push(text)
    },
  })
  if (!electron) throw new Error('this story is of the desktop app')
  await expect(page.getByRole('option', { name: /flow-failed/ })).toBeVisible()
  await letPeopleClose(electron)
  const before = await treeOf(root)

  const source = {
    ids: await knownIds(page),
    paths: [outside, join(outside, 'secret.yaml'), join(outside, 'pipe'), '../outside/x'],
  }
  const warm = await attack(page, { ...source, seed, count: Math.ceil(count / 4) })
  const heapBefore = await heapOf(electron)
  const tally = await attack(page, { ...source, seed: seed + 1, count: count - Math.ceil(count / 4) })
  const grownMegabytes = Math.round(((await heapOf(electron)) - heapBefore) / 1e6)

  expect({
    unanswered: [...warm.unanswered, ...tally.unanswered],
    noOutcome: [...warm.noOutcome, ...tally.noOutcome],
    bugs: [...warm.bugs, ...tally.bugs],
    said: bugs,
    poisoned: await electron.evaluate(() => 'hacked' in {} || 'isAdmin' in {}),
    tree: await treeOf(root),
    stillThere: await page.evaluate(() => document.querySelector('nav') !== null && !('hacked' in globalThis)),
    flat: grownMegabytes < 30 ? 'flat' : `grew by ${grownMegabytes} MB`,
  }).toEqual({
    unanswered: [],
    noOutcome: [],
    bugs: [],
    said: [],
    poisoned: false,
    tree: before,
    stillThere: true,
    flat: 'flat',
  })
  expect(Math.min(tally.codes.ok ?? 0, tally.codes.refused ?? 0, tally.codes.not_found ?? 0)).toBeGreaterThan(
    count / 20,
  )
})

/** Dialogs of the system and windows wait for a person: here each is closed at once. */
async function letPeopleClose(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ app, dialog }) => {
    dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] })
    app.on('browser-window-created', (_event, window) => {
      window.webContents.once('did-finish-load', () => window.destroy())
    })
  })
}

/** Ids that main tells the window. */
async function knownIds(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { rundesk } = window as unknown as { rundesk: { request: (c: string, i: unknown) => Promise<unknown> } }
    const told = await Promise.all([
      rundesk.request('workspaces:list', {}),
      rundesk.request('runs:query', { workspaceId: null, filter: 'all', offset: 0, limit: 100 }),
      rundesk.request('writebacks:query', { workspaceId: null, offset: 0, limit: 100 }),
    ])
    return [...new Set(JSON.stringify(told).match(/(?<=")[0-9a-f]{16,24}(?=")/g) ?? []), 'flow.yaml', 'one']
  })
}

/** The bytes that main's objects hold, after what nobody holds is gone. */
async function heapOf(electron: ElectronApplication): Promise<number> {
  return electron.evaluate(async () => {
    const { setFlagsFromString } = process.getBuiltinModule('node:v8')
    const { runInNewContext } = process.getBuiltinModule('node:vm')
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    for (let round = 0; round < 3; round++) {
      collect()
      await new Promise((done) => setTimeout(done, 100))
    }
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  })
}

/** What lies around the workspace, with content; what the app, the system and Chromium keep for themselves is left out. */
async function treeOf(root: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  const look = async (folder: string): Promise<void> => {
    for (const name of (await readdir(folder)).sort()) {
      const path = join(folder, name)
      if (/^(data|payments|tmp|home\/(\.cache|\.config|\.pki|\.local))$/.test(path.slice(root.length + 1))) continue
      const stats = await lstat(path)
      if (stats.isDirectory()) await look(path)
      else found[path.slice(root.length)] = stats.isFile() ? await readFile(path, 'utf8') : 'no plain file'
    }
  }
  await look(root)
  return found
}

/** Chromium has much to say on a machine without a graphics card or a desktop's bus. */
function isChromium(text: string): boolean {
  return text.split('\n').every((line) => line.trim() === '' || /^\[?\d+:|DevTools listening|Gtk-|libva/.test(line))
}
