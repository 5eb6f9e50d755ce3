import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { plainCommand } from './plainCommand'

const path = '/usr/bin:/bin'

test.runIf(process.platform === 'linux').each([
  ['true', 'true'],
  ['ls -la  a/b.txt', 'exec ls -la  a/b.txt'],
  ["ls --x='a b$c'", "exec ls --x='a b$c'"],
  ['/bin/ls', 'exec /bin/ls'],
  ['true x', null],
  ['', null],
  ['ls; ls', null],
  ['ls &', null],
  ['ls > a', null],
  ['ls $HOME', null],
  ['ls "a"', null],
  ['ls *', null],
  ['ls ~', null],
  ['ls {a,b}', null],
  ['ls # all', null],
  ['ls\nls', null],
  ["ls 'a", null],
  ["ls 'a\nb'", null],
  ["'ls' a", null],
  ['A=b ls', null],
  ['-ls', null],
  ['! ls', null],
  ['echo a', null],
  ['time ls', null],
  ['no-such-program', null],
  ['./no-such-program', null],
  ['/etc', null],
  ['/etc/passwd', null],
])('of a step with the command %j bash becomes %j', (command, expected) => {
  expect(plainCommand(command, { path, cwd: '/' })).toBe(expected)
})

test.runIf(process.platform === 'linux')(
  'a program is what stands first in PATH, and only if the system starts it',
  async () => {
    const cwd = await makeTemporaryFolder()
    const folder = join(cwd, 'bin')
    await mkdir(folder)
    const of = (named: string) => plainCommand('ls a', { path: named, cwd })
    await copyFile('/bin/ls', join(folder, 'ls'))
    const whole = [of(folder), of(`${folder}:/bin`), of('bin:/bin'), of(':/bin'), of('')]
    await writeFile(join(folder, 'ls'), '#!/bin/sh\n', { mode: 0o755 })
    const script = of(`${folder}:/bin`)
    await writeFile(join(folder, 'other'), '', { mode: 0o755 })
    const empty = plainCommand('other', { path: folder, cwd })
    expect([whole, script, empty]).toEqual([['exec ls a', 'exec ls a', null, null, null], null, null])
  },
)
