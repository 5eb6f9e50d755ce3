import { execFile } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { readSignedManifest } from './signedManifest'
import { makeRelease, makeUpdateKeys } from './updateServer.testkit'

const keys = await makeUpdateKeys()
const script = fileURLToPath(new URL('../../scripts/signUpdate.mjs', import.meta.url))
const { publicKey } = keys
const name = 'latest-linux.yml'

function signed(text: string): string {
  const key = createPrivateKey({ key: Buffer.from(keys.privateKey, 'base64'), format: 'der', type: 'pkcs8' })
  return sign(null, Buffer.from(text), key).toString('base64')
}

/** Runs the release script, and gives what it says and whether it signed. */
function runScript(dir: string, privateKey: string): Promise<readonly [code: number, said: string]> {
  return new Promise((done) => {
    const env = { ...process.env, RUNDESK_UPDATE_PRIVATE_KEY: privateKey }
    execFile(process.execPath, [script, dir], { env }, (error, _stdout, stderr) =>
      done([error === null ? 0 : Number(error.code), stderr]),
    )
  })
}

test('no changed byte of a manifest or of its signature is taken', async () => {
  const dir = await makeTemporaryFolder()
  await makeRelease(dir, { version: '1.2.3', program: '', privateKey: keys.privateKey })
  const [text, signature] = [await readFile(join(dir, name), 'utf8'), await readFile(join(dir, `${name}.sig`), 'utf8')]
  expect(readSignedManifest({ name, text, signature, publicKey }).version).toBe('1.2.3')
  const change = (given: string, at: number, to: string): string => given.slice(0, at) + to + given.slice(at + 1)
  const isTaken = (manifest: string, sign: string): boolean => {
    try {
      readSignedManifest({ name, text: manifest, signature: sign, publicKey })
      return true
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), (at, to) => {
      const changed = change(text, at, to)
      return changed === text || !isTaken(changed, signature)
    }),
    { numRuns: 500 },
  )
  const bytes = Buffer.from(signature, 'base64')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const other = Buffer.from(bytes)
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(isTaken(text, other.toString('base64'))).toBe(false)
  }
})

test.each([
  ['a path', { url: '../../etc/passwd' }],
  ['another server', { url: 'https://example.com/x.AppImage' }],
  ['a command line', { url: '-rf' }],
  ['a short digest', { sha512: 'abc' }],
  ['no size', { size: -1 }],
])('a signed manifest that names %s is refused', (_what, change) => {
  const sha512 = `${'A'.repeat(86)}==`
  const file = { url: 'x.AppImage', sha512, size: 1, ...change }
  const text = stringify({ version: '1.0.0', files: [file], path: 'x.AppImage', sha512 })
  expect(() => readSignedManifest({ name, text, signature: signed(text), publicKey })).toThrow('no list of a release')
})

test.each(['', '[]', 'a: b', '{', '*x', 'version: 1.0.0'])('signed text that is no manifest is refused: %s', (text) => {
  expect(() => readSignedManifest({ name, text, signature: signed(text), publicKey })).toThrow('no list of a release')
})

test('the script signs nothing without a key, with a wrong one, without a manifest, or for a package that is another', async () => {
  const dir = await makeTemporaryFolder()
  const empty = await runScript(dir, keys.privateKey)
  const file = await makeRelease(dir, { version: '1.2.3', program: '', privateKey: keys.privateKey })
  await writeFile(join(dir, `${name}.sig`), 'old')
  await writeFile(join(dir, file), 'another')
  const outcomes = [
    empty,
    await runScript(dir, ''),
    await runScript(dir, 'AAAA'),
    await runScript(dir, keys.privateKey),
  ]
  expect(outcomes.map(([code]) => code)).toEqual([1, 1, 1, 1])
  expect(outcomes.map(([, said]) => said.replace(/^rundesk: nothing was signed: /, '').split(/[.:]/)[0])).toEqual([
    expect.stringMatching(/holds no latest\*$/),
    'RUNDESK_UPDATE_PRIVATE_KEY is not set',
    'RUNDESK_UPDATE_PRIVATE_KEY is no Ed25519 key as base64 of PKCS 8',
    'latest-linux',
  ])
  expect([await readFile(join(dir, `${name}.sig`), 'utf8'), (await readdir(dir)).length]).toEqual(['old', 3])
})
