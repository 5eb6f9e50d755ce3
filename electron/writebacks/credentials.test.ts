import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { findCredentials, summaryOf } from './credentials'

const nowMs = Date.parse('2026-11-21T00:00:00Z')
const later = '2026-11-22T00:00:00.000Z'
const earlier = '2026-11-20T00:00:00.000Z'

function jwt(claims: object): string {
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
}

async function makeHome(files: Readonly<Record<string, unknown>>): Promise<string> {
  const home = await makeTemporaryFolder()
  for (const [name, value] of Object.entries(files)) {
    const path = join(home, '.relayfile', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return home
}

const folderOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 24)

async function find(
  files: Readonly<Record<string, unknown>>,
  { env = {}, alone = false }: { readonly env?: Record<string, string>; readonly alone?: boolean } = {},
) {
  const home = await makeHome(files)
  const workspace = { ids: ['ws_one'], server: null, alone }
  return findCredentials({ home, workspace, env, nowMs })
}

test.each([
  [
    'credentials.json whose token is this workspace',
    { 'credentials.json': { token: jwt({ wks: 'ws_one' }) } },
    'legacy',
  ],
  ['credentials.json of another workspace', { 'credentials.json': { token: jwt({ wks: 'ws_two' }) } }, null],
  ['a token that names no workspace', { 'credentials.json': { token: 'opaque' } }, null],
  [
    'a delegated login of this workspace',
    { 'delegated-credentials.json': { relayfileWorkspaceId: 'ws_one', accessToken: 'a' } },
    'delegated',
  ],
  [
    'a delegated login of another workspace',
    { 'delegated-credentials.json': { relayfileWorkspaceId: 'ws_two', accessToken: 'a' } },
    null,
  ],
  [
    'a delegated login in the folder of this workspace',
    { [`delegated/${folderOf('ws_one')}/${'0'.repeat(24)}.json`]: { accessToken: 'a' } },
    'delegated',
  ],
  [
    'a delegated login of another workspace in the folder of this one',
    { [`delegated/${folderOf('ws_one')}/${'0'.repeat(24)}.json`]: { workspaceId: 'ws_two', accessToken: 'a' } },
    null,
  ],
  ['a damaged file', { 'credentials.json': '{"token":"x' }, null],
])('%s', async (_name, files, kind) => {
  expect((await find(files))?.kind ?? null).toBe(kind)
})

test('a token that names no workspace is taken where there is only one', async () => {
  expect((await find({ 'credentials.json': { token: 'opaque' } }, { alone: true }))?.kind).toBe('legacy')
})

test.each([
  [{ RELAYFILE_TOKEN: 'opaque' }, null],
  [{ RELAYFILE_TOKEN: 'opaque', RELAYFILE_WORKSPACE: 'ws_one' }, 'environment'],
  [{ RELAYFILE_TOKEN: 'opaque', RELAYFILE_WORKSPACE: 'ws_two' }, null],
  [{ RELAYFILE_TOKEN: jwt({ workspace_id: 'ws_one' }) }, 'environment'],
])('the environment %j gives %s', async (env, kind) => {
  expect((await find({}, { env: env as Record<string, string> }))?.kind ?? null).toBe(kind)
})

test('valid credentials win over expired ones', async () => {
  const found = await find({
    'delegated-credentials.json': { workspaceId: 'ws_one', accessToken: 'old', accessTokenExpiresAt: earlier },
    'credentials.json': { token: jwt({ wks: 'ws_one', exp: Date.parse(later) / 1000 }) },
  })
  expect([found?.kind, found?.expired, found?.expiresAt]).toEqual(['legacy', false, later])
})

test('what is shown of credentials holds no token, and neither does anything that is made of them', async () => {
  const secret = jwt({ wks: 'ws_one', scopes: ['fs:write'] })
  const found = await find({ 'credentials.json': { token: secret, server: 'https://files.example.com/' } })
  expect([summaryOf(found), JSON.stringify(found).includes(secret), found?.authorization()]).toEqual([
    {
      present: true,
      kind: 'legacy',
      server: 'files.example.com',
      expiresAt: null,
      expired: false,
      scopes: ['fs:write'],
    },
    false,
    `Bearer ${secret}`,
  ])
})
