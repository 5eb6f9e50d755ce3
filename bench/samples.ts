import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What one measurement in a process of its own gave. */
export type Sample = Readonly<Record<string, number>>

/** Takes one sample in a fresh process, so that nothing is warm that would not be at a start. */
export function takeSample(name: string, args: readonly string[] = []): Sample {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', join(dirname(fileURLToPath(import.meta.url)), 'sample.mjs'), name, ...args],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  if (status !== 0) throw new Error(`The sample ${name} failed: ${stderr}`)
  return JSON.parse(stdout) as Sample
}
