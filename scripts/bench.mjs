import { join } from 'node:path'
import { build } from 'vite'
import { follow, installIfNeeded, root } from './lib.mjs'

// npm run bench [-- --json] [-- --only NAME]: speed against peers, measured side by side (docs/performance.md).
installIfNeeded()
const outDir = join(root, '.cache', 'bench', 'built')
await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: join(root, 'bench/main.ts'),
    outDir,
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: 'bench.mjs', inlineDynamicImports: true } },
  },
  ssr: { noExternal: true },
})
process.exitCode = await follow(process.execPath, [join(outDir, 'bench.mjs'), ...process.argv.slice(2)])
