import { join } from 'node:path'
import { build } from 'vite'
import { testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, follow, hasDisplay, installIfNeeded, root, say } from './lib.mjs'

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
      rollupOptions: {
        external: ['@playwright/test'],
        output: { entryFileNames: file, inlineDynamicImports: true },
      },
    },
    ssr: { noExternal: true, external: ['@playwright/test'] },
  })
}
const bench = [process.execPath, join(outDir, 'bench.mjs'), ...process.argv.slice(2)]
const electron = prepareWindow()
const [command = '', ...args] = electron.binary && !hasDisplay() ? ['xvfb-run', '-a', ...bench] : bench
process.exitCode = await follow(command, args, {
  env: { ...process.env, RUNDESK_BENCH_ELECTRON: electron.binary ?? '' },
})

/** The benches of the window need the built app and an Electron to run it in. */
function prepareWindow() {
  const only = process.argv.flatMap((word, index, all) => (all[index - 1] === '--only' ? [word] : []))
  if (only.length > 0 && !only.some((name) => name.startsWith('window'))) return {}
  buildIfNeeded()
  const found = testElectron()
  if (found.reason) say(`the benches of the window are left out: ${found.reason}`)
  return found
}
