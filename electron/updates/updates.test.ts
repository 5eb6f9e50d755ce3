import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { join } from 'node:path'
import { configureRequestOptions, configureRequestUrl, type DownloadOptions, HttpExecutor } from 'builder-util-runtime'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Settings } from '../../shared/settings'
import type { UpdateState } from '../../shared/updates'
import { openLog } from '../diagnostics/log'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openElectronUpdater } from './electronUpdater'
import type { PackageKind } from './packageKind'
import { makeRelease, makeUpdateKeys, serveUpdates } from './updateServer.testkit'
import { createUpdates, type UpdatesWorld } from './updates'

const keys = await makeUpdateKeys()
const never = 100_000_000

/** What Electron's own executor does, over Node. */
class NodeExecutor extends HttpExecutor<ClientRequest> {
  createRequest(options: RequestOptions, callback: (response: IncomingMessage) => void): ClientRequest {
    return request(options, callback)
  }
  async download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      const asked = { headers: options.headers ?? {} }
      configureRequestUrl(url, asked)
      configureRequestOptions(asked)
      const callback = (error: Error | null): void => (error ? reject(error) : resolve(destination))
      this.doDownload(asked, { destination, options, onCancel, callback, responseHandler: null }, 0)
    })
  }
}

/** A Rundesk 1.0.0 as an AppImage, and a server with a release of 1.1.0. */
async function setUp({
  version = '1.1.0',
  kind,
  choice = 'notify',
  answerMs = 10_000,
  firstMs = never,
  source,
}: {
  readonly version?: string
  readonly kind?: PackageKind
  readonly choice?: Settings['updates']
  readonly answerMs?: number
  readonly firstMs?: number
  readonly source?: UpdatesWorld['source']
} = {}) {
  const root = await makeTemporaryFolder()
  const dir = await makeTemporaryFolder()
  const appImage = join(root, 'Rundesk.AppImage')
  const marker = join(root, 'started')
  await writeFile(appImage, 'the old one', { mode: 0o755 })
  vi.stubEnv('APPIMAGE', appImage)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const name = await makeRelease(dir, {
    version,
    program: `echo $APPIMAGE. > '${marker}'`,
    privateKey: keys.privateKey,
  })
  const server = await serveUpdates(dir, keys.publicKey)
  onTestFinished(() => server.close())
  const redactor = { text: (text: string) => text, document: (value: unknown) => value }
  const log = openLog({ dir: join(root, 'logs'), level: () => 'debug', redactor })
  const around = { going: { all: 0, own: 0 }, choice, told: [] as unknown[], ended: 0 }
  const adapter = {
    version: '1.0.0',
    name: 'Rundesk',
    isPackaged: true,
    appUpdateConfigPath: '',
    userDataPath: root,
    baseCachePath: join(root, 'cache'),
    whenReady: async () => undefined,
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  }
  const real = openElectronUpdater({
    feed: server.feed,
    kind: kind ?? { kind: 'appImage', file: appImage },
    adapter,
    executor: new NodeExecutor(),
    log,
    answerMs,
  })
  const updates = createUpdates({
    version: '1.0.0',
    source: source ?? real,
    choice: () => around.choice,
    going: async () => around.going,
    tell: (found) => around.told.push(found),
    onChange: () => undefined,
    end: () => {
      around.ended++
    },
    log,
    firstMs,
    againMs: never,
  })
  onTestFinished(() => updates.close())
  const askedFor = (): readonly string[] => server.asked().map(({ path }) => path.slice(1))
  return { root, dir, name, appImage, marker, server, updates, around, askedFor }
}

const seen = ({ phase, newVersion, trouble }: UpdateState) => ({ phase, newVersion, trouble })
const manifest = ['latest-linux.yml', 'latest-linux.yml.sig']

test('a newer version is found, downloaded, put in place of the old one, and started', async () => {
  const { updates, name, appImage, marker, dir, around, askedFor, root } = await setUp()
  expect(seen(await updates.check())).toEqual({ phase: 'available', newVersion: '1.1.0', trouble: null })
  expect(askedFor()).toEqual(manifest)
  expect(seen(await updates.download())).toEqual({ phase: 'ready', newVersion: '1.1.0', trouble: null })
  expect(seen(await updates.install())).toEqual({ phase: 'installing', newVersion: '1.1.0', trouble: null })
  expect([around.ended, around.told]).toEqual([
    1,
    [
      { version: '1.1.0', ready: false, how: null },
      { version: '1.1.0', ready: true, how: null },
    ],
  ])
  await (await updates.atEnd({ restart: true }))?.()
  await eventually('the new Rundesk', () => readFile(marker, 'utf8').catch(() => undefined))
  expect((await readFile(appImage)).equals(await readFile(join(dir, name)))).toBe(true)
  expect([await readFile(marker, 'utf8'), (await stat(appImage)).mode & 0o777]).toEqual(['.\n', 0o755])
  expect(await readdir(root)).not.toContain('.updaterId')
})

test.each(['0.9.0', '1.0.0'])('version %s is no update: this one is the newest', async (version) => {
  const { updates, askedFor, around } = await setUp({ version })
  expect(seen(await updates.check())).toEqual({ phase: 'current', newVersion: null, trouble: null })
  expect([askedFor(), around.told]).toEqual([manifest, []])
})

test('a manifest that was changed after it was signed is refused, and nothing is downloaded', async () => {
  const { updates, dir, askedFor } = await setUp()
  const text = await readFile(join(dir, 'latest-linux.yml'), 'utf8')
  await writeFile(join(dir, 'latest-linux.yml'), text.replace('1.1.0', '6.6.6'))
  const state = await updates.check()
  expect(state.trouble).toMatch(/^The signature of latest-linux.yml does not fit.*Nothing was downloaded\.$/)
  expect([state.phase, (await updates.download()).phase, askedFor()]).toEqual(['unknown', 'unknown', manifest])
})

test('a manifest that somebody else signed is refused', async () => {
  const { updates, dir } = await setUp()
  await makeRelease(dir, { version: '1.2.0', program: '', privateKey: (await makeUpdateKeys()).privateKey })
  expect((await updates.check()).trouble).toContain('does not fit')
})

test('a manifest without a signature is refused', async () => {
  const { updates, dir } = await setUp()
  await rm(join(dir, 'latest-linux.yml.sig'))
  expect((await updates.check()).trouble).toBe(
    'latest-linux.yml on the update server is not signed, so it is not trusted. Nothing was downloaded.',
  )
})

test('a package that is not the signed one is deleted, and the old one stays', async () => {
  const { updates, dir, name, appImage, root } = await setUp()
  const bytes = await readFile(join(dir, name))
  bytes[100] = (bytes[100] ?? 0) ^ 1
  await writeFile(join(dir, name), bytes)
  await updates.check()
  const state = await updates.download()
  expect(seen(state)).toEqual({
    phase: 'available',
    newVersion: '1.1.0',
    trouble:
      'The downloaded file is not the one that was signed: somebody changed it on its way. It is deleted, and nothing was installed.',
  })
  expect([await readFile(appImage, 'utf8'), await filesBelow(join(root, 'cache'))]).toEqual(['the old one', []])
})

test('a package that was changed on this machine after the download is not installed', async () => {
  const { updates, name, appImage, root, around } = await setUp()
  await updates.check()
  await updates.download()
  await writeFile(join(root, 'cache/rundesk-updates/pending', name), '#!/bin/sh\necho hostile\n')
  const state = await updates.install()
  expect([state.trouble, around.ended, await readFile(appImage, 'utf8')]).toEqual([
    expect.stringContaining('was changed on this machine, and is deleted. Nothing was installed.'),
    0,
    'the old one',
  ])
})

test('a server that never answers is given up, and so is one that goes silent in the middle', async () => {
  const { updates, server } = await setUp({ answerMs: 2_000 })
  server.hang('.yml')
  expect((await updates.check()).trouble).toMatch(/could not be asked \(no answer for 2 s\)\. Try again later\.$/)
  server.hang(null)
  expect((await updates.check()).phase).toBe('available')
  server.hang('.AppImage…')
  expect((await updates.download()).trouble).toBe(
    'The update could not be downloaded (the server went silent). Try again later.',
  )
  server.hang(null)
  expect((await updates.download()).phase).toBe('ready')
})

test('a file that cannot be replaced is told, and the update can be tried again', async () => {
  const kind: PackageKind = { kind: 'appImage', file: join(await makeTemporaryFolder(), 'nowhere', 'Rundesk.AppImage') }
  const { updates, around } = await setUp({ kind })
  await updates.check()
  await updates.download()
  const state = await updates.install()
  expect([state.phase, state.trouble, around.ended]).toEqual([
    'available',
    expect.stringMatching(
      /Rundesk\.AppImage could not be replaced \(there is no such file or folder\)\. It is as it was\./,
    ),
    0,
  ])
  expect((await updates.download()).phase).toBe('ready')
})

test('an answer that never ends is given up, and so is a package that is larger than the signed one', async () => {
  const { updates, server } = await setUp()
  server.hang('.yml∞')
  expect((await updates.check()).trouble).toContain('could not be asked (its answer does not end)')
  server.hang('.AppImage∞')
  expect((await updates.check()).phase).toBe('available')
  expect((await updates.download()).trouble).toBe(
    'The update could not be downloaded (it is larger than what was signed). Try again later.',
  )
})

test('a server that is not there, or has nothing, is told in words', async () => {
  const { updates, server, dir } = await setUp()
  await rm(join(dir, 'latest-linux.yml'))
  expect((await updates.check()).trouble).toMatch(/^The update server has no latest-linux.yml\./)
  await server.close()
  expect((await updates.check()).trouble).toMatch(
    /^The update server 127\.0\.0\.1:\d+ could not be asked \(.*Try again/,
  )
})

test('nothing is installed while a run is going, and it is said why', async () => {
  const { updates, around, appImage } = await setUp({ choice: 'automatic' })
  around.going = { all: 2, own: 1 }
  await updates.check()
  const waits = 'The update waits: 2 runs are still going. It can be installed when they have ended.'
  expect([(await updates.get()).phase, (await updates.get()).waitsFor]).toEqual(['ready', waits])
  await expect(updates.install()).rejects.toThrow(waits)
  expect(await updates.atEnd({ restart: false })).toBeNull()
  expect(await updates.atEnd({ restart: true })).toBeNull()
  expect([around.ended, await readFile(appImage, 'utf8')]).toEqual([0, 'the old one'])
  around.going = { all: 0, own: 0 }
  await (await updates.atEnd({ restart: false }))?.()
  expect(await readFile(appImage, 'utf8')).toContain('#!/bin/sh')
})

test('by itself: off asks nobody, notify only looks, automatic downloads and installs at the end', async () => {
  const off = await setUp({ choice: 'off', firstMs: 0 })
  const notify = await setUp({ choice: 'notify', firstMs: 0 })
  await eventually('the newer version', () => notify.around.told.length === 1)
  const automatic = await setUp({ choice: 'automatic', firstMs: 0 })
  await eventually('the download', () => automatic.around.told.length === 2)
  expect([off.askedFor(), notify.askedFor(), automatic.askedFor()]).toEqual([
    [],
    manifest,
    [...manifest, automatic.name],
  ])
  expect(await notify.updates.atEnd({ restart: false })).toBeNull()
  await expect(off.updates.check()).rejects.toThrow('Updates are off in the settings')
})

test('a package that cannot replace itself only tells where the newer one is', async () => {
  const kind: PackageKind = { kind: 'byHand', how: 'Install it.' }
  const { updates, around, askedFor, server } = await setUp({ kind, choice: 'automatic' })
  const state = await updates.check()
  const how = `Install it. It is at ${server.feed.page}`
  expect([state.phase, state.byHand, askedFor(), around.told]).toEqual([
    ...['available', how, manifest],
    [{ version: '1.1.0', ready: false, how }],
  ])
})

test('where there is no source nobody is asked, and it is said why', async () => {
  const { updates, askedFor } = await setUp({ source: { unavailable: 'Started from its source.' }, firstMs: 0 })
  await expect(updates.check()).rejects.toThrow('Started from its source.')
  expect([(await updates.get()).unavailable, askedFor()]).toEqual(['Started from its source.', []])
})

test('the server learns nothing of who asks', async () => {
  const { updates, server } = await setUp()
  await updates.check()
  await updates.download()
  const names = new Set(server.asked().flatMap(({ headers }) => Object.keys(headers)))
  const known = ['accept', 'user-agent', 'cache-control', 'host', 'connection', 'accept-encoding']
  expect([...names].filter((name) => !known.includes(name))).toEqual([])
  expect(server.asked().map(({ headers }) => headers['user-agent'])).toEqual(Array(3).fill('electron-builder'))
})

async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}
