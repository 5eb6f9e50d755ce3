import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, follow, hasDisplay, installIfNeeded, root, say } from './lib.mjs'

// npm run bench [-- --json] [-- --only NAME]: speed against peers, measured side by side (docs/performance.md).
const testUser = 65534
installIfNeeded()
const outDir = join(root, '.cache', 'bench', 'built')
await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    rollupOptions: {
      input: {
        bench: join(root, 'bench/main.ts'),
        sample: join(root, 'bench/sample.ts'),
        logSearch: join(root, 'electron/runner/logSearchWorker.ts'),
      },
      external: ['@playwright/test'],
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
  ssr: { noExternal: true, external: ['@playwright/test'] },
})
const bench = [process.execPath, join(outDir, 'bench.mjs'), ...process.argv.slice(2)]
const electron = prepareWindow()
const [command = '', ...args] =
  electron.binary && !hasDisplay() ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24 -ac', ...bench] : bench
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
  return found.binary && process.getuid?.() === 0 ? { binary: asTestUser(found.binary) } : found
}

/** The sandbox of the window does not start as root: a script that starts it as the user of the tests. */
function asTestUser(binary) {
  const script = join(root, '.cache', 'bench', 'electron.sh')
  const home = join(root, '.cache', 'bench', 'home')
  mkdirSync(home, { recursive: true })
  chownSync(home, testUser, testUser)
  const user = `--reuid=${testUser} --regid=${testUser} --clear-groups`
  writeFileSync(script, `#!/bin/sh\nexport HOME='${home}'\nexec setpriv ${user} '${binary}' "$@"\n`, { mode: 0o755 })
  return script
}
