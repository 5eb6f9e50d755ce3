import { chmod, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { loadBundle } from './bundleLoader'
import { codeFolder, openCodeCache } from './codeCache'

/** A bundle of two scripts, and a home for compiled code, as a process of the command `start` uses them. */
async function world(): Promise<{
  readonly folder: string
  readonly bundle: string
  /** Loads the bundle; gives what it made of it, and which scripts were compiled before. */
  readonly load: () => { readonly answer: unknown; readonly known: readonly boolean[]; readonly keep: () => void }
  readonly kept: () => Promise<readonly string[]>
}> {
  const dir = await makeTemporaryFolder()
  const folder = join(dir, 'caches', 'rundesk')
  const bundle = join(dir, 'main.cjs')
  await writeFile(bundle, "globalThis.codeCacheAnswer = require('./part.cjs').twice(21)")
  await writeFile(join(dir, 'part.cjs'), 'exports.twice = (number) => 2 * number')
  return {
    folder,
    bundle,
    load: () => {
      const cache = openCodeCache({ folder, bundle, command: 'start' })
      const found: (Buffer | undefined)[] = []
      const scripts = loadBundle(bundle, (file, source) => {
        found.push(cache.find(file, source))
        return found.at(-1)
      })
      const isKnown = [...scripts.values()].map((script, index) => !!found[index] && !script.cachedDataRejected)
      return {
        answer: Reflect.get(globalThis, 'codeCacheAnswer'),
        known: isKnown,
        keep: () => cache.keep(scripts),
      }
    },
    kept: () => readdir(folder).catch(() => []),
  }
}

test('a module of Node that is loaded when it is asked for is whole', async () => {
  const { bundle, load } = await world()
  await writeFile(
    bundle,
    "let zlib = require('node:zlib'); globalThis.codeCacheAnswer = [typeof zlib.crc32, zlib.gunzipSync(zlib.gzipSync('text')).toString()]",
  )
  expect(load().answer).toEqual([typeof zlib.crc32, 'text'])
})

test('what one process compiled is there for the next, in files for the user alone', async () => {
  const { folder, load, kept } = await world()
  const first = load()
  first.keep()
  const second = load()
  const [file = ''] = await kept()
  const modes = await Promise.all([folder, join(folder, file)].map(async (path) => (await stat(path)).mode & 0o777))
  expect({ first: [first.answer, first.known], second: [second.answer, second.known], modes }).toEqual({
    first: [42, [false, false]],
    second: [42, [true, true]],
    modes: [0o700, 0o600],
  })
})

test('a script that was changed since is compiled anew, also when it has the same length', async () => {
  const { bundle, load } = await world()
  load().keep()
  await writeFile(bundle, (await readFile(bundle, 'utf8')).replace('21', '33'))
  const { answer, known, keep } = load()
  keep()
  expect({ answer, known, next: load().known }).toEqual({ answer: 66, known: [false, true], next: [true, true] })
})

test('code that anybody else may write, or could have put there, is not used', async () => {
  const { folder, load, kept } = await world()
  load().keep()
  const file = join(folder, (await kept())[0] ?? '')
  const known: Record<string, readonly boolean[]> = {}
  for (const [path, mode] of [
    [file, 0o620],
    [file, 0o602],
    [folder, 0o720],
    [folder, 0o777],
  ] as const) {
    const { mode: before } = await stat(path)
    await chmod(path, mode)
    known[`${path === file ? 'file' : 'folder'} ${mode.toString(8)}`] = load().known
    await chmod(path, before)
  }
  await rename(file, `${file}.moved`)
  await symlink(`${file}.moved`, file)
  known['a link to the file'] = load().known
  await rename(`${file}.moved`, file)
  const held = load().known
  await rename(folder, `${folder}.moved`)
  await symlink(`${folder}.moved`, folder)
  known['a link to the folder'] = load().known
  const no = [false, false]
  expect({ known, held }).toEqual({
    known: {
      'file 620': no,
      'file 602': no,
      'folder 720': no,
      'folder 777': no,
      'a link to the file': no,
      'a link to the folder': no,
    },
    held: [true, true],
  })
})

test('a damaged file is never given to the engine, and replaced', async () => {
  const { folder, load, kept } = await world()
  load().keep()
  const file = join(folder, (await kept())[0] ?? '')
  const whole = await readFile(file)
  const middle = Buffer.from(whole)
  middle.writeUInt8(middle.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1)
  const answers = []
  for (const damaged of [Buffer.alloc(0), whole.subarray(0, -1), Buffer.alloc(whole.length), middle]) {
    await writeFile(file, damaged)
    const { answer, known, keep } = load()
    keep()
    answers.push({ answer, known, next: load().known })
  }
  expect(answers).toEqual(Array(4).fill({ answer: 42, known: [false, false], next: [true, true] }))
})

test('where the folder cannot be made, everything is compiled anew', async () => {
  const { folder, load, kept } = await world()
  await writeFile(join(folder, '..'), 'a file')
  load().keep()
  expect([load(), await kept()]).toMatchObject([{ answer: 42, known: [false, false] }, []])
})

test('code is kept in the caches of the user, and nowhere where it is not wanted', () => {
  const folders = [
    { XDG_CACHE_HOME: '/caches' },
    { XDG_CACHE_HOME: 'caches', HOME: '/home/me' },
    { XDG_CACHE_HOME: '/caches', NODE_DISABLE_COMPILE_CACHE: '1' },
  ].map(codeFolder)
  expect([folders[0], folders[1]?.startsWith('/'), folders[2]]).toEqual(
    process.platform === 'linux' ? ['/caches/rundesk', true, null] : folders,
  )
})
