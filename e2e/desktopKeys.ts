import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'

const run = promisify(execFile)

/** Presses keys in a dialog of the desktop, as a person does who has it in front. */
export async function press(title: string, key: string): Promise<void> {
  await expect.poll(() => isOpen(title)).toBe(true)
  await run('xdotool', ['search', '--onlyvisible', '--name', `^${title}$`, 'windowfocus', '--sync'])
  await run('xdotool', ['key', key])
}

/** Is a window of this title to be seen? */
export async function isOpen(title: string): Promise<boolean> {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--name', `^${title}$`]).catch(() => ({
    stdout: '',
  }))
  return stdout.trim() !== ''
}
