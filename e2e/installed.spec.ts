import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'
import { environment, serve, startChromium, test, writeWorkflow } from './open'

const execute = promisify(execFile)
const root = resolve(import.meta.dirname ?? '.', '..')
const mostBytes = 2 * 1024 * 1024

/** Packs the project as it is published and installs that into an empty folder. Gives the folder and the tarball. */
async function install(place: string): Promise<{ readonly folder: string; readonly tarball: string }> {
  const folder = join(place, 'installed')
  await mkdir(folder)
  await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', place], { cwd: root })
  const [name = ''] = (await readdir(place)).filter((one) => one.endsWith('.tgz'))
  const tarball = join(place, name)
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder })
  return { folder, tarball }
}

test('the published package brings the command and the browser host, and nothing else', async ({
  workspace,
  closers,
}) => {
  const place = dirname(workspace)
  const { folder, tarball } = await install(place)
  const { stdout: list } = await execute('tar', ['-tzf', tarball])
  const odd = list.split('\n').filter((path) => /\.(map|tsx?)$|test|node_modules|e2e|shots/i.test(path))
  const { bin, dependencies } = JSON.parse(await readFile(join(folder, 'node_modules/rundesk/package.json'), 'utf8'))
  expect({
    odd: odd.filter((path) => path !== 'package/docs/testing.md'),
    installed: (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.')),
    dependencies,
    bin,
    isSmall: (await stat(tarball)).size < mostBytes,
  }).toEqual({
    odd: [],
    installed: ['rundesk'],
    dependencies: undefined,
    bin: { rundesk: 'bin/rundesk.mjs' },
    isSmall: true,
  })

  const command = join(folder, 'node_modules/.bin/rundesk')
  const data = ['-w', workspace, '--data-dir', join(place, 'data')]
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  expect((await execute(command, ['--version'])).stdout.trim()).toBe(version)
  const file = await writeWorkflow(workspace, 'greeting', [{ name: 'hello', command: 'echo hello from a step' }])
  const caches = join(place, 'caches')
  const start = async (): Promise<{ readonly id: string; readonly told: readonly string[] }> => {
    const env = { ...process.env, XDG_CACHE_HOME: caches }
    const { stdout } = await execute(command, ['start', file, '--json', ...data], { env })
    const { id, status, steps } = JSON.parse(stdout)
    return { id, told: [status, steps[0].output.trim()] }
  }
  const started = await start()
  const [compiled = ''] = await readdir(join(caches, 'rundesk'))
  const again = await start()
  await writeFile(join(caches, 'rundesk', compiled), 'damaged')
  const told = [started, again, await start()].map((run) => run.told)
  expect([compiled, ...told]).toEqual([
    expect.stringMatching(/^start-[0-9a-f]{8}-[0-9a-f]+\.code$/),
    ...Array(3).fill(['completed', 'hello from a step']),
  ])
  const logs = await execute(command, ['logs', started.id, ...data])
  expect(logs.stdout).toContain('hello from a step')

  const url = await serve(['serve', ...data], closers, { command, env: environment() })
  const page = await (await startChromium(closers)).newPage()
  await page.goto(url)
  await page.evaluate(() => {
    location.hash = '#/demo'
  })
  await expect(page.getByText('Start one with rundesk demo')).toBeVisible()
  await page.goBack()
  await page
    .getByRole('option', { name: /Completed greeting/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'greeting' })).toBeVisible()
})

test('every package that Rundesk is made of has a licence that is accepted, and others are refused', async ({
  workspace,
}) => {
  const script = join(root, 'scripts', 'licences.mjs')
  const { stdout } = await execute(process.execPath, [script])
  const lock = join(workspace, 'package-lock.json')
  const foreign = {
    'node_modules/odd': { version: '1.0.0', license: 'AGPL-3.0' },
    'node_modules/none': { version: '2' },
  }
  await writeFile(lock, JSON.stringify({ packages: foreign }))
  const refused = await execute(process.execPath, [script, '--lock', lock]).catch((error) => error)
  expect([
    /^react\t\S+\tMIT\tshipped$/m.test(stdout),
    refused.code,
    refused.stderr.match(/(odd|none) \S+: the licence \S+/g),
  ]).toEqual([true, 1, ['odd 1.0.0: the licence AGPL-3.0', 'none 2: the licence (unknown)']])
})
