import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect } from '@playwright/test'
import { test } from './open'
import { openPackaged, packagedProgram } from './packagedApp'

/** How the program holds a fuse that is on: as the character 1. */
const on = 0x31

/** Another package with the same files, of which those of the application may be changed. */
async function copyPackage(to: string): Promise<{ readonly program: string; readonly resources: string }> {
  const program = packagedProgram()
  const onMac = process.platform === 'darwin'
  const from = onMac ? resolve(program, '../../..') : dirname(program)
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
  return { program: join(to, relative(from, program)), resources: join(to, onMac ? 'Contents/Resources' : 'resources') }
}

/** A script that leaves a file when anything runs it. */
async function writeTrap(folder: string, name: string): Promise<{ readonly script: string; readonly trace: string }> {
  const [script, trace] = [join(folder, name), join(folder, `${name}.ran`)]
  await mkdir(dirname(script), { recursive: true })
  await writeFile(script, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '')`)
  return { script, trace }
}

test('the fuses of the package are those that it is built with', async () => {
  const wire = await getCurrentFuseWire(packagedProgram())
  const isOn = (fuse: FuseV1Options): boolean => Number(wire[fuse]) === on
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    filePrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    inspect: false,
    cookieEncryption: true,
    asarIntegrity: true,
    onlyAsar: true,
    filePrivileges: false,
  })
})

test('neither the environment nor a switch makes the package run or reveal anything else', async ({
  open,
  workspace,
}) => {
  const { script, trace } = await writeTrap(dirname(workspace), 'trap.cjs')
  let printed = ''
  const { page } = await open({
    env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${script}` },
    more: ['--inspect=0', '--inspect-brk=0'],
    onOutput: (text) => {
      printed += text
    },
  })
  await expect(page.getByText('No runs yet')).toBeVisible()
  expect([existsSync(trace), /Debugger listening|NODE_OPTION/.exec(printed)?.[0]]).toEqual([false, undefined])
})

test('the package starts no application but that of its archive', async ({ workspace }) => {
  const { program, resources } = await copyPackage(join(dirname(workspace), 'copy'))
  const { trace } = await writeTrap(join(resources, 'app'), 'main.cjs')
  await writeFile(join(resources, 'app', 'package.json'), '{"name":"other","main":"main.cjs"}')
  await rm(join(resources, 'app.asar'))
  const closers: (() => Promise<unknown>)[] = []
  const outcome = await openPackaged({ program, args: [], env: process.env, closers }).then(
    () => 'opened',
    () => 'ended',
  )
  for (const close of closers.reverse()) await close()
  expect([outcome, existsSync(trace)]).toEqual(['ended', false])
})

test('a changed byte of the archive is refused on macOS and Windows; on Linux Electron does not look', async ({
  workspace,
}) => {
  const { program, resources } = await copyPackage(join(dirname(workspace), 'copy'))
  const archive = join(resources, 'app.asar')
  const bytes = await readFile(archive)
  const at = bytes.indexOf('<html lang="en"') + '<html lang="'.length
  bytes[at] = 'f'.charCodeAt(0)
  await writeFile(archive, bytes)
  const closers: (() => Promise<unknown>)[] = []
  const args = ['-w', workspace, '--data-dir', join(dirname(workspace), 'data')]
  const outcome = await openPackaged({ program, args, env: process.env, closers }).then(
    ({ page }) => page.evaluate(() => document.documentElement.lang),
    () => 'refused',
  )
  for (const close of closers.reverse()) await close()
  expect(outcome).toBe(process.platform === 'linux' ? 'fn' : 'refused')
})
