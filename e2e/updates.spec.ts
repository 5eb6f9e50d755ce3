import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { makeRelease, makeUpdateKeys, serveUpdates, type UpdateServer } from '../electron/updates/updateServer.testkit'
import { accessibilityFaults } from './accessibility'
import { changedPackage } from './changedPackage'
import { test, writeWorkflow } from './open'
import { openPackaged } from './packagedApp'

interface Bridged {
  readonly rundesk: { readonly request: (channel: string, input: unknown) => Promise<{ readonly value: never }> }
}

/** The packaged app as a mounted AppImage would be, with the address of a server built in. */
async function openInstalled(workspace: string, server: UpdateServer) {
  const root = dirname(workspace)
  const mounted = join(root, 'mount')
  const program = await changedPackage(mounted, (archived) =>
    writeFile(join(archived, 'out', 'main', 'updateFeed.json'), JSON.stringify(server.feed)),
  )
  const appImage = join(root, 'Rundesk.AppImage')
  await writeFile(appImage, 'the old one', { mode: 0o755 })
  const closers: (() => Promise<unknown>)[] = []
  const opened = await openPackaged({
    program,
    args: ['-w', workspace, '--data-dir', join(root, 'data')],
    env: { ...process.env, APPIMAGE: appImage, APPDIR: mounted },
    closers,
  })
  const close = async (): Promise<void> => {
    for (const one of closers.reverse()) await one()
  }
  return { opened, close, page: opened.page, appImage, marker: join(root, 'started') }
}

async function makeServer(workspace: string) {
  const keys = await makeUpdateKeys()
  const dir = join(dirname(workspace), 'server')
  await mkdir(dir)
  const program = `echo "$APPIMAGE $APPDIR." > '${join(dirname(workspace), 'started')}'`
  const release = (version: string): Promise<string> =>
    makeRelease(dir, { version, program, privateKey: keys.privateKey })
  return { dir, release, server: await serveUpdates(dir, keys.publicKey) }
}

async function checkForUpdates(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('check for updates')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Updates', level: 2 })).toBeVisible()
}

/** Where the settings tell how it stands. */
function standing(page: Page) {
  return page.getByRole('region', { name: 'This version' })
}

test('a newer version is found, waits for a run that goes, and then takes the place of this one', async ({
  workspace,
}) => {
  const { dir, release, server } = await makeServer(workspace)
  const name = await release('9.9.9')
  await writeWorkflow(workspace, 'long', [{ name: 'wait', command: 'sleep 60' }])
  const { opened, close, page, appImage, marker } = await openInstalled(workspace, server)
  await expect(page.getByText('No runs yet')).toBeVisible()
  expect(server.asked()).toEqual([])
  await checkForUpdates(page)
  await expect(standing(page).getByText('Rundesk 9.9.9 is available.')).toBeVisible()
  await page.getByRole('button', { name: 'Download 9.9.9' }).click()
  await expect(standing(page).getByText('Rundesk 9.9.9 is downloaded and ready to install.')).toBeVisible()
  const run = await page.evaluate(async () => {
    const { rundesk } = window as unknown as Bridged
    const { workspaces } = (await rundesk.request('workspaces:list', {})).value as { workspaces: { id: string }[] }
    const workspaceId = workspaces[0]?.id
    const started = await rundesk.request('workflows:start', { workspaceId, file: 'long.yaml', vars: {} })
    return { workspaceId, runId: (started.value as { run: { id: string } }).run.id }
  })
  const install = page.getByRole('button', { name: 'Restart and install 9.9.9' })
  await expect(standing(page).getByText('The update waits: one run is still going.')).toBeVisible()
  await expect(install).toBeDisabled()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.evaluate(
    (ref) => (window as unknown as Bridged).rundesk.request('runs:cancel', { ...ref, confirmed: false }),
    run,
  )
  await expect(install).toBeEnabled()
  await page
    .getByRole('link', { name: /^Notifications/ })
    .first()
    .click()
  await expect(page.getByRole('link', { name: /Rundesk 9\.9\.9 is ready to install/ })).toBeVisible()
  await page.getByRole('link', { name: /Rundesk 9\.9\.9 is ready to install/ }).click()
  await install.click()
  await opened.ended
  await expect.poll(() => readFile(marker, 'utf8').catch(() => '')).toBe(' .\n')
  expect((await readFile(appImage)).equals(await readFile(join(dir, name)))).toBe(true)
  await close()
  await server.close()
})

test('an automatic update is downloaded by itself and installed when Rundesk ends', async ({ workspace }) => {
  const { dir, release, server } = await makeServer(workspace)
  const name = await release('9.9.9')
  const { close, page, appImage, marker } = await openInstalled(workspace, server)
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.evaluate(() => {
    location.hash = '#/settings/updates'
  })
  await page.getByRole('combobox', { name: 'Newer versions of Rundesk' }).selectOption('automatic')
  await standing(page).getByRole('button', { name: 'Check for updates' }).click()
  await expect(standing(page).getByText('Rundesk 9.9.9 is downloaded and ready to install.')).toBeVisible()
  expect(await readFile(appImage, 'utf8')).toBe('the old one')
  await close()
  expect((await readFile(appImage)).equals(await readFile(join(dir, name)))).toBe(true)
  expect(await readFile(marker, 'utf8').catch(() => 'not started')).toBe('not started')
  await server.close()
})

test('what a server should not send is told in words, and nothing of it is installed', async ({ workspace }) => {
  const { dir, release, server } = await makeServer(workspace)
  const { close, page, appImage } = await openInstalled(workspace, server)
  await expect(page.getByText('No runs yet')).toBeVisible()
  const trouble = standing(page).getByRole('alert')
  await checkForUpdates(page)
  await expect(trouble).toContainText('The update server has no latest-linux.yml.')
  const check = page.getByRole('button', { name: 'Check for updates' })
  await release('0.0.9')
  await check.click()
  await expect(standing(page).getByText('This is the newest version.')).toBeVisible()
  const name = await release('9.9.9')
  const manifest = join(dir, 'latest-linux.yml')
  const text = await readFile(manifest, 'utf8')
  await writeFile(manifest, text.replaceAll('9.9.9', '9.9.8'))
  await check.click()
  await expect(trouble).toContainText('The signature of latest-linux.yml does not fit')
  await writeFile(manifest, text)
  await rm(`${manifest}.sig`)
  await check.click()
  await expect(trouble).toContainText('is not signed, so it is not trusted')
  expect(server.asked().every(({ path }) => path.includes('.yml'))).toBe(true)
  await release('9.9.9')
  await writeFile(join(dir, name), 'something else')
  await check.click()
  await page.getByRole('button', { name: 'Download 9.9.9' }).click()
  await expect(trouble).toContainText('The downloaded file is not the one that was signed')
  await page.getByRole('combobox', { name: 'Newer versions of Rundesk' }).selectOption('off')
  await expect(check).toBeDisabled()
  expect(await readFile(appImage, 'utf8')).toBe('the old one')
  await close()
  await server.close()
})

test('a build without an address for newer versions says so, and asks nobody', async ({ open }) => {
  const { page } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  await checkForUpdates(page)
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('has no address for newer versions')
  await expect(standing(page)).toContainText('has no address for newer versions')
})
