import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'vite'

const built = new Map<string, Promise<string>>()

/** Bundles a TypeScript file for plain Node, once per test file, and gives the script's path. */
export function buildScript(path: string): Promise<string> {
  const known = built.get(path)
  if (known) return known
  const made = bundle(path)
  built.set(path, made)
  return made
}

async function bundle(path: string): Promise<string> {
  const name = `${basename(path, '.ts')}.mjs`
  const outDir = await mkdtemp(join(tmpdir(), 'rundesk-built-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: path, outDir, rollupOptions: { output: { entryFileNames: name } } },
    ssr: { noExternal: true },
  })
  return join(outDir, name)
}
