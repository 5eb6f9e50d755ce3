import { join } from 'node:path'
import { build } from 'vite'
import { follow, installIfNeeded, root } from './lib.mjs'

// npm run bench [-- --json] [-- --only NAME]: speed against peers, measured side by side (docs/performance.md).
installIfNeeded()
const outDir = join(root, '.cache', 'bench', 'built')
for (const [entry, file] of [
  ['bench/main.ts', 'bench.mjs'],
  ['electron/runner/logSearchWorker.ts', 'logSearch.mjs'],
]) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, entry),
      outDir,
      emptyOutDir: entry === 'bench/main.ts',
      rollupOptions: { output: { entryFileNames: file, inlineDynamicImports: true } },
    },
    ssr: { noExternal: true },
  })
}
process.exitCode = await follow(process.execPath, [join(outDir, 'bench.mjs'), ...process.argv.slice(2)])
