import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { lazySchemas } from './build/lazySchemas'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const define = { __RUNDESK_VERSION__: JSON.stringify(version) }

const mainEntries = {
  main: resolve('electron/main.ts'),
  launch: resolve('electron/cli/launch.ts'),
  cli: resolve('electron/cli/main.ts'),
  logSearch: resolve('electron/runner/logSearchWorker.ts'),
  dbosDemo: resolve('electron/demo/dbos/dbosDemoWorker.ts'),
  mainThreadWatch: resolve('electron/host/mainThreadWatchWorker.ts'),
}
/** What DBOS loads only when an application turns on its tracing, and is not installed. */
const tracing = [/^@opentelemetry\//, /^winston/]
const preload = resolve('electron/preload.ts')

/** Builds in where newer versions come from (docs/updates.md): from the environment, so that only a release knows a place. */
function updateFeed(): Plugin {
  const { RUNDESK_UPDATE_URL: url, RUNDESK_UPDATE_PUBLIC_KEY: publicKey, RUNDESK_UPDATE_PAGE: page } = process.env
  return {
    name: 'rundesk-update-feed',
    generateBundle() {
      if (!url && !publicKey && !page) return
      if (!url || !publicKey || !page)
        this.error('RUNDESK_UPDATE_URL, RUNDESK_UPDATE_PUBLIC_KEY and RUNDESK_UPDATE_PAGE are needed together.')
      this.emitFile({ type: 'asset', fileName: 'updateFeed.json', source: JSON.stringify({ url, publicKey, page }) })
    },
  }
}

/** Has the page fetch the app while its first frame is painted (renderer/main.ts). */
function fetchAhead(): Plugin {
  return {
    name: 'rundesk-fetch-ahead',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .flatMap((file) =>
            file.type === 'chunk' && file.isDynamicEntry && file.name === 'begin'
              ? [file.fileName, ...file.imports]
              : [],
          )
          .map((fileName) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
            injectTo: 'head' as const,
          })),
    },
  }
}

/** Writes what is not ASCII as escapes: the command line reads such scripts without decoding them (electron/cli/bundleLoader.ts). */
function asciiOnly(): Plugin {
  return {
    name: 'rundesk-ascii-only',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk')
          file.code = file.code.replace(
            /[^\0-\x7f]/g,
            (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
          )
    },
  }
}

/**
 * Everything but Electron itself is bundled, so that the packages hold no node_modules. Node code is CommonJS: of that its
 * compiled form can be kept (electron/cli/codeCache.ts).
 */
export default defineConfig({
  main: {
    define,
    plugins: [updateFeed(), asciiOnly(), lazySchemas()],
    build: {
      externalizeDeps: false,
      target: 'node20.18',
      license: { fileName: 'licences.md' },
      rollupOptions: {
        external: tracing,
        input: Object.fromEntries(Object.entries(mainEntries).filter(([, file]) => existsSync(file))),
        output: {
          format: 'cjs',
          strict: true,
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
        },
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
    plugins: [react(), fetchAhead()],
    build: {
      outDir: resolve('out/renderer'),
      cssCodeSplit: false,
      minify: true,
      license: { fileName: 'licences.md' },
      rollupOptions: { input: { index: resolve('renderer/index.html') } },
    },
  },
})
