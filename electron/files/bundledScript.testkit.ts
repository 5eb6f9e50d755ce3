import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { isProcessAlive } from './processIdentity'

const root = fileURLToPath(new URL('../../.cache/bundled', import.meta.url))
/** As in electron.vite.config.ts: what a package loads only for those who have installed it. */
const notInstalled = [/^@opentelemetry\//, /^winston/]
const built = new Map<string, Promise<string>>()

/** Bundles a TypeScript file for plain Node, once per test file, and gives the path of the script. */
export function bundleScript(path: string): Promise<string> {
  const known = built.get(path)
  if (known) return known
  const made = bundle(path)
  built.set(path, made)
  return made
}

/** Each process has a folder of its own, because tests run at the same time; those of dead processes go. */
async function bundle(path: string): Promise<string> {
  for (const pid of await readdir(root).catch(() => []))
    if (!isProcessAlive(Number(pid))) await rm(join(root, pid), { recursive: true, force: true })
  const name = `${basename(path, '.ts')}.mjs`
  const outDir = join(root, String(process.pid))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path,
      outDir,
      emptyOutDir: false,
      rollupOptions: { external: notInstalled, output: { entryFileNames: name } },
    },
    ssr: { noExternal: true },
  })
  return join(outDir, name)
}
