import { spawn } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { CancellationToken, type HttpExecutor, type UpdateFileInfo } from 'builder-util-runtime'
import { AppImageUpdater, type AppUpdater, BaseUpdater, MacUpdater, NsisUpdater } from 'electron-updater'
import type { AppAdapter } from 'electron-updater/out/AppAdapter'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import type { Log } from '../diagnostics/log'
import { writeFileAtomic } from '../files/atomicWrite'
import { hearing } from './hearing'
import { byHandWords, type PackageKind } from './packageKind'
import { SignedProvider, type SignedProviderOptions, shortCause } from './signedProvider'
import type { UpdateFeed } from './updateFeed'
import type { UpdateSource } from './updateSource'

/**
 * The source of updates behind electron-updater, which compares versions, downloads, and drives the installers of macOS and
 * Windows. Manifests come signed ({@link SignedProvider}); an AppImage is replaced here, atomically, because
 * electron-updater removes the old one before the new one is in its place.
 */
export function openElectronUpdater({
  feed,
  kind,
  adapter,
  executor,
  log,
  answerMs = 30_000,
}: {
  readonly feed: UpdateFeed
  readonly kind: PackageKind
  readonly adapter: AppAdapter
  /** What makes requests: Electron's, which knows the proxies of the system. */
  // biome-ignore lint/suspicious/noExplicitAny: the type that electron-updater gives its own
  readonly executor: HttpExecutor<any>
  readonly log: Log
  /** How long the server may take for an answer, and be silent in a download, in ms. */
  readonly answerMs?: number
}): UpdateSource {
  const updater = createUpdater(adapter)
  let onBytes: (bytes: number) => void = () => undefined
  Object.assign(updater, {
    httpExecutor: hearing(executor, (bytes) => onBytes(bytes)),
    // Whether it looks for updates was decided by who opened it.
    isUpdaterActive: () => true,
    configOnDisk: { value: Promise.resolve({ updaterCacheDirName: 'rundesk-updates' }) },
    stagingUserIdPromise: { value: Promise.resolve('') },
  })
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = false
  updater.disableDifferentialDownload = true
  updater.logger = {
    info: (message) => log.debug('updates', String(message)),
    warn: (message) => log.debug('updates', String(message)),
    error: (message) => log.debug('updates', String(message)),
  }
  updater.on('error', () => undefined) // What it tells of is thrown as well.
  const options: SignedProviderOptions = { feed, answerMs }
  updater.setFeedURL({ provider: 'custom', updateProvider: SignedProvider, ...options } as Parameters<
    AppUpdater['setFeedURL']
  >[0])
  let downloaded: { readonly file: string; readonly sha512: readonly string[] } | undefined
  let offered: readonly UpdateFileInfo[] = []

  const readChecked = async (): Promise<Uint8Array> => {
    if (!downloaded) throw new RundeskError('not_found', 'No update was downloaded. Check for updates first.')
    const { file, sha512 } = downloaded
    const data = await readFile(file)
    const digest = Buffer.from(await webcrypto.subtle.digest('SHA-512', data)).toString('base64')
    if (sha512.includes(digest)) return data
    downloaded = undefined
    await rm(file, { force: true })
    throw new RundeskError(
      'refused',
      'The downloaded update is not what was signed: it was changed on this machine, and is deleted. Nothing was installed. Check for updates again.',
    )
  }

  return {
    byHand: byHandWords(kind, feed.page),
    find: async () => {
      const result = await updater.checkForUpdates()
      if (!result?.isUpdateAvailable) return null
      offered = result.updateInfo.files
      return { version: result.updateInfo.version }
    },
    download: async (onProgress) => {
      const token = new CancellationToken()
      let given: string | undefined
      const giveUp = (why: string): void => {
        given = why
        token.cancel()
      }
      const stall = (): void => giveUp('the server went silent')
      const largest = Math.max(...offered.map(({ size }) => size ?? 0))
      let bytes = 0
      let timer = setTimeout(stall, answerMs)
      onBytes = (more) => {
        bytes += more
        clearTimeout(timer)
        timer = setTimeout(stall, answerMs)
        if (bytes > largest) giveUp('it is larger than what was signed')
        else onProgress((bytes / largest) * 100)
      }
      try {
        const [file = ''] = await updater.downloadUpdate(token)
        const ofItsKind = offered.filter(({ url }) => extname(url) === extname(file))
        downloaded = { file, sha512: ofItsKind.map(({ sha512 }) => sha512) }
        await readChecked()
      } catch (error) {
        throw downloadFailure(error, given)
      } finally {
        clearTimeout(timer)
        onBytes = () => undefined
      }
    },
    place: async () => {
      const data = await readChecked()
      if (kind.kind !== 'appImage') return
      await writeFileAtomic(kind.file, data, { mode: 0o755 }).catch((error: unknown) => {
        throw new RundeskError(
          'unreadable',
          `${kind.file} could not be replaced (${causeOf(error)}). It is as it was. Mend that, or put the new one there from ${feed.page}.`,
          { cause: error },
        )
      })
    },
    finish: ({ restart }) => {
      if (kind.kind === 'appImage') {
        if (restart) startAnew(kind.file)
      } else if (updater instanceof BaseUpdater) updater.install(true, restart)
      else updater.quitAndInstall(true, restart)
    },
  }
}

function createUpdater(adapter: AppAdapter): AppUpdater {
  if (process.platform === 'darwin') return new MacUpdater(undefined, adapter)
  if (process.platform === 'win32') return new NsisUpdater(null, adapter)
  return new AppImageUpdater(null, adapter)
}

function downloadFailure(error: unknown, given: string | undefined): RundeskError {
  if (error instanceof RundeskError) return error
  if (error instanceof Error && 'code' in error && error.code === 'ERR_CHECKSUM_MISMATCH') {
    return new RundeskError(
      'refused',
      'The downloaded file is not the one that was signed: somebody changed it on its way. It is deleted, and nothing was installed.',
      { cause: error },
    )
  }
  const cause = given ?? shortCause(error)
  return new RundeskError('unreachable', `The update could not be downloaded (${cause}). Try again later.`, {
    cause: error,
  })
}

/** Starts the new AppImage by itself, without what the old one's mount told of itself. */
function startAnew(file: string): void {
  const { APPIMAGE: _file, APPDIR: _mounted, ARGV0: _name, OWD: _folder, ...env } = process.env
  spawn(file, [], { detached: true, stdio: 'ignore', env }).unref()
}
