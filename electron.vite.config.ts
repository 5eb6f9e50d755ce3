import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const define = { __RUNDESK_VERSION__: JSON.stringify(version) }

const mainEntries = {
  main: resolve('electron/main.ts'),
  cli: resolve('electron/cli/main.ts'),
  watchdog: resolve('electron/runner/watchdog.ts'),
  logSearch: resolve('electron/runner/logSearchWorker.ts'),
}
const preload = resolve('electron/preload.ts')

/** Everything but Electron itself is bundled, so that the packages hold no node_modules. */
export default defineConfig({
  main: {
    define,
    build: {
      externalizeDeps: false,
      target: 'node20.18',
      license: { fileName: 'licences.md' },
      rollupOptions: {
        input: Object.fromEntries(Object.entries(mainEntries).filter(([, file]) => existsSync(file))),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: { input: { preload }, output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: resolve('out/renderer'),
      license: { fileName: 'licences.md' },
      rollupOptions: { input: { index: resolve('renderer/index.html') } },
    },
  },
})
