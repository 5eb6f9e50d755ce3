import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { findPublishedRunner } from './findPublishedRunner'

async function install(
  dir: string,
  name: string,
  { version, program }: { readonly version: string; readonly program?: string },
): Promise<string> {
  const place = join(dir, 'node_modules', name)
  await mkdir(join(place, 'dist/workflows'), { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name, version }))
  if (program !== undefined) await writeFile(join(place, program), '')
  return program === undefined ? place : join(place, program)
}

const find = (workspaceDir: string, nodePath: string | null = null): ReturnType<typeof findPublishedRunner> =>
  findPublishedRunner({ workspaceDir, nodePath })

async function fakeNode(dir: string, script: string): Promise<string> {
  const path = join(dir, 'fake-node')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

test('where none is installed the words say which to install', async () => {
  await expect(find(await makeTemporaryFolder())).rejects.toThrow(/npm install @relayflows\/core/)
})

test('of both packages the newer one is taken', async () => {
  const dir = await makeTemporaryFolder()
  await install(dir, '@agent-relay/sdk', { version: '6.3.6', program: 'dist/workflows/cli.js' })
  const cli = await install(dir, '@relayflows/core', { version: '1.0.5', program: 'dist/cli.js' })
  expect(await find(dir)).toEqual({ packageName: '@relayflows/core', version: '1.0.5', cli, node: 'node' })
})

test('a package that lost its runner is named, and one further up in the repository is found', async () => {
  const dir = await makeTemporaryFolder()
  const inner = join(dir, 'packages', 'one')
  await mkdir(inner, { recursive: true })
  await mkdir(join(dir, '.git'))
  await install(inner, '@agent-relay/sdk', { version: '9.1.6' })
  await expect(find(inner)).rejects.toThrow(/@agent-relay\/sdk 9\.1\.6 in .* has no workflow runner/)
  const cli = await install(dir, '@agent-relay/sdk', { version: '6.3.6', program: 'dist/workflows/cli.js' })
  expect((await find(inner)).cli).toBe(cli)
})

test('outside of a repository only the workspace itself is looked at', async () => {
  const dir = await makeTemporaryFolder()
  const inner = join(dir, 'inner')
  await mkdir(inner)
  await install(dir, '@relayflows/core', { version: '1.0.5', program: 'dist/cli.js' })
  await expect(find(inner)).rejects.toMatchObject({ code: 'not_supported' })
})

test('an old Node, one that is missing and one that is none are refused by name', async () => {
  const dir = await makeTemporaryFolder()
  await install(dir, '@relayflows/core', { version: '1.0.5', program: 'dist/cli.js' })
  await expect(find(dir, join(dir, 'nowhere'))).rejects.toThrow(
    /nowhere could not be started \(there is no such file or folder\)/,
  )
  await expect(find(dir, await fakeNode(dir, 'echo v18.20.1'))).rejects.toThrow(/is v18\.20\.1/)
  await expect(find(dir, await fakeNode(dir, 'exit 3'))).rejects.toThrow(/could not be started/)
})
