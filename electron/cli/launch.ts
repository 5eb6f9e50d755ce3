import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { loadBundle } from './bundleLoader'
import { codeFolder, openCodeCache } from './codeCache'

// The command line, with code that an earlier process has compiled. Nothing of the bundle is loaded before it.

/** A process that ended otherwise has done little of what its command does (exitCodes.ts). */
const [done, failing] = [0, 1]

setFlagsFromString('--no-flush-bytecode') // Else what the beginning needed is forgotten by the end, and not kept.
const folder = codeFolder(process.env)
const bundle = join(dirname(fileURLToPath(import.meta.url)), 'cli.cjs')
const cache = folder === null ? null : openCodeCache({ folder, bundle, command: process.argv[2] ?? '' })
const scripts = loadBundle(bundle, (file, source) => cache?.find(file, source))
process.once('exit', (code) => {
  if (code === done || code === failing) cache?.keep(scripts)
})
