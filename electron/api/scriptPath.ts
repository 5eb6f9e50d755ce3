import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Scripts that run beside the application are built beside this bundle. */
export function scriptPath(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return join(here.endsWith('chunks') ? dirname(here) : here, `${name}.cjs`)
}
