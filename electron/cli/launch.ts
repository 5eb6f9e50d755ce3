import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { loadBundle } from './bundleLoader'
import { codeFolder, openCodeCache } from './codeCache'

// The command line, with code that an earlier process has compiled. Nothing of the bundle is loaded before it.

/** A process that ended otherwise has done little of what its command does (exitCodes.ts). */
const [done, failing] = [0, 1]

const folder = codeFolder(process.env)
const bundle = join(dirname(fileURLToPath(import.meta.url)), 'cli.cjs')
const cache = folder === null ? null : openCodeCache({ folder, bundle, command: process.argv[2] ?? '' })
const scripts = loadBundle(bundle, (file, source) => cache?.find(file, source))
// Else what the beginning needed is forgotten by the end, and not kept. Under a flag V8 takes no code that was compiled
// without it, that of Node's own modules included: it is set when most of them are there, for as long as it must be.
setTimeout(() => setFlagsFromString('--no-flush-bytecode'), 1_000).unref()
process.once('exit', (code) => {
  setFlagsFromString('--flush-bytecode')
  if (code === done || code === failing) cache?.keep(scripts)
})
