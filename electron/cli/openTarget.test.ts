import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** Runs `rundesk open` on something in a folder of its own and gives how it ended. */
async function open(target: string): Promise<{ readonly code: number; readonly errors: string }> {
  const folder = await makeTemporaryFolder()
  await writeFile(join(folder, 'notes.txt'), 'some notes\n')
  const args = [await bundleScript(main), 'open', target, '--data-dir', join(folder, 'data')]
  return promisify(execFile)(process.execPath, args, { cwd: folder, env: { ...process.env, HOME: folder } }).then(
    () => ({ code: 0, errors: '' }),
    ({ code, stderr }) => ({ code, errors: stderr }),
  )
}

test.each([
  ['rundesk://w/all/secrets', 'names no screen'],
  ['rundesk://w/all/runs/%00', 'control characters'],
  ['notes.txt', 'holds no runs'],
  ['nowhere', 'does not exist'],
])('%s is not opened: it is a mistake of the command line, with words', async (target, why) => {
  expect(await open(target)).toEqual({ code: 2, errors: expect.stringContaining(why) })
})
