import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Scripts that run beside the application are built beside this bundle; in a package they lie outside of its archive. */
export function scriptPath(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const path = join(here.endsWith('chunks') ? dirname(here) : here, `${name}.js`)
  const unpacked = path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked')
  return existsSync(unpacked) ? unpacked : path
}
