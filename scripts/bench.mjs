import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { packageCommand, testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, follow, hasDisplay, installIfNeeded, root, run, say } from './lib.mjs'

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
      // DBOS loads the last two only for its traces.
      external: ['@playwright/test', /^winston/, /^@opentelemetry\//],
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
  ssr: { noExternal: true, external: ['@playwright/test'] },
})
const bench = [process.execPath, join(outDir, 'bench.mjs'), ...process.argv.slice(2)]
const only = process.argv.flatMap((word, index, all) => (all[index - 1] === '--only' ? [word] : []))
const needsBuild = ['runChain', 'runParallel']
if (only.length === 0 || only.some((name) => needsBuild.includes(name))) buildIfNeeded()
const electron = prepareWindow()
const packaged =
  process.platform === 'linux' && electron.dist && (only.length === 0 || only.includes('windowStart'))
    ? makePackage(electron.dist)
    : {}
const [command = '', ...args] =
  electron.binary && !hasDisplay() ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24 -ac', ...bench] : bench
process.exitCode = await follow(command, args, {
  env: { ...process.env, RUNDESK_BENCH_ELECTRON: electron.binary ?? '', ...packaged },
})

/** The benches of the window need the built app and an Electron to run it in. */
function prepareWindow() {
  if (only.length > 0 && !only.some((name) => name.startsWith('window'))) return {}
  buildIfNeeded()
  const found = testElectron()
  if (found.reason) say(`the benches of the window are left out: ${found.reason}`)
  return found.binary ? { ...found, binary: asTestUser('electron', found.binary) } : found
}

/** Packages the app as releases are, and tells where the package lies and what of it is Electron's own. */
function makePackage(dist) {
  const output = join(root, '.cache', 'bench', 'package')
  rmSync(output, { recursive: true, force: true })
  const code = run(process.execPath, [...packageCommand(dist), `-c.directories.output=${output}`])
  if (code !== 0) process.exit(code)
  const folder = join(output, 'linux-unpacked')
  return {
    RUNDESK_BENCH_PACKAGED: asTestUser('packaged', join(folder, 'rundesk')),
    RUNDESK_BENCH_PACKAGE_DIR: folder,
    RUNDESK_BENCH_RUNTIME_DIR: dist,
  }
}

/** The sandbox of the window does not start as root: there, a script that starts a program as the user of the tests. */
function asTestUser(name, binary) {
  if (process.getuid?.() !== 0) return binary
  const script = join(root, '.cache', 'bench', `${name}.sh`)
  const home = join(root, '.cache', 'bench', 'home')
  mkdirSync(home, { recursive: true })
  chownSync(home, testUser, testUser)
  const user = `--reuid=${testUser} --regid=${testUser} --clear-groups`
  writeFileSync(script, `#!/bin/sh\nexport HOME='${home}'\nexec setpriv ${user} '${binary}' "$@"\n`, { mode: 0o755 })
  return script
}
