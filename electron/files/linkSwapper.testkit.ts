import { spawn } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const swapper = `
const fs = require('node:fs')
const [root, name] = process.argv.slice(1)
process.chdir(root)
process.stdout.write('going')
for (;;) {
  fs.renameSync(name, '.aside'); fs.renameSync('.link', name)
  fs.renameSync(name, '.link'); fs.renameSync('.aside', name)
}`

/**
 * Lets another process swap the folder `name` of `root`, as fast as it can, with a link that leads to `outside`. Resolves when
 * it does so; it ends with the test.
 */
export async function swapWithLink(root: string, name: string, outside: string): Promise<void> {
  await symlink(outside, join(root, '.link'))
  const child = spawn(process.execPath, ['-e', swapper, root, name], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((going) => child.stdout.once('data', going))
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
}
