import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { follow, installIfNeeded, root } from './lib.mjs'

// npm run test:crash: bundles the kill loops and their victims for plain Node, and runs them with the given options.
installIfNeeded()
const outDir = mkdtempSync(join(tmpdir(), 'rundesk-crash-built-'))
try {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      rollupOptions: {
        input: ['crash/main.ts', 'crash/victim.ts'].map((name) => join(root, name)),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
    ssr: { noExternal: true },
  })
  process.exitCode = await follow(process.execPath, [join(outDir, 'main.mjs'), ...process.argv.slice(2)])
} finally {
  rmSync(outDir, { recursive: true, force: true })
}
