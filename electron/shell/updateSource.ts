import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppAdapter } from 'electron-updater/out/AppAdapter'
import type { App } from '../api/app'
import { byHandWords, packageKindOf } from '../updates/packageKind'
import { readUpdateFeed } from '../updates/updateFeed'
import type { UpdateSource } from '../updates/updateSource'

/**
 * Where this installed Rundesk gets newer ones from, or why it gets none: a checkout, a demo, and a build without an
 * address look for none. `mainDir` is where the main process was built. electron-updater is loaded when it is first needed.
 */
export async function openUpdateSource({
  mainDir,
  demo,
  log,
}: {
  readonly mainDir: string
  readonly demo: boolean
  readonly log: () => App['log']
}): Promise<UpdateSource | { readonly unavailable: string }> {
  if (demo) return { unavailable: 'The demo does not look for newer versions.' }
  if (!app.isPackaged)
    return { unavailable: 'Rundesk was started from its source, so it does not look for newer versions.' }
  const feed = await readUpdateFeed(join(mainDir, 'updateFeed.json'))
  if (!feed) return { unavailable: 'This build of Rundesk has no address for newer versions.' }
  const packageType = await readFile(join(process.resourcesPath, 'package-type'), 'utf8').catch(() => null)
  const { platform, env, execPath } = process
  const kind = packageKindOf({ platform, env, execPath, packageType: packageType?.trim() ?? null })
  let opened: UpdateSource | undefined
  const open = async (): Promise<UpdateSource> => {
    opened ??= await openWithElectron()
    return opened
  }
  const openWithElectron = async (): Promise<UpdateSource> => {
    const [{ openElectronUpdater }, { ElectronHttpExecutor }] = await Promise.all([
      import('../updates/electronUpdater'),
      import('electron-updater/out/electronHttpExecutor'),
    ])
    return openElectronUpdater({ feed, kind, adapter: adapterNow(), executor: new ElectronHttpExecutor(), log: log() })
  }
  return {
    byHand: byHandWords(kind, feed.page),
    find: async () => (await open()).find(),
    download: async (onProgress) => (await open()).download(onProgress),
    place: async () => (await open()).place(),
    finish: (how) => opened?.finish(how),
  }
}

/** What electron-updater wants to know of the app. That the app ends is seen to by the app. */
function adapterNow(): AppAdapter {
  return {
    version: app.getVersion(),
    name: app.getName(),
    isPackaged: true,
    appUpdateConfigPath: '',
    userDataPath: '',
    baseCachePath: app.getPath('sessionData'),
    whenReady: () => app.whenReady().then(() => undefined),
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  }
}
