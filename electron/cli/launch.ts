import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadBundle } from './bundleLoader'
import { codeFolder, openCodeCache } from './codeCache'

// The command line, with code that an earlier process has compiled. Nothing of the bundle is loaded before it.

/** A process that ended otherwise has done little of what its command does (exitCodes.ts). */
const [done, failing] = [0, 1]

const folder = codeFolder(process.env)
const cache = folder === null ? null : openCodeCache({ folder, name: process.argv[2] ?? '' })
const bundle = join(dirname(fileURLToPath(import.meta.url)), 'cli.cjs')
const scripts = loadBundle(bundle, (file, source) => cache?.find(file, source))
process.once('exit', (code) => {
  if (code === done || code === failing) cache?.keep(scripts)
})
