import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { installIfNeeded, root, say } from './lib.mjs'

// npm run icons: draws the icon of the packaged app, in all sizes, from the mark that the tray and the windows show.
installIfNeeded()
const outDir = mkdtempSync(join(tmpdir(), 'rundesk-icons-'))
try {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      rollupOptions: {
        input: { mark: join(root, 'electron/shell/mark.ts'), markPng: join(root, 'electron/shell/markPng.ts') },
        output: { entryFileNames: '[name].mjs' },
      },
    },
  })
  const { markSvg } = await import(pathToFileURL(join(outDir, 'mark.mjs')).href)
  const { markPng } = await import(pathToFileURL(join(outDir, 'markPng.mjs')).href)
  const folder = join(root, 'build')
  mkdirSync(join(folder, 'icons'), { recursive: true })
  writeFileSync(join(folder, 'icon.svg'), markSvg())
  writeFileSync(join(folder, 'icon.png'), markPng(1024))
  for (const edge of [16, 24, 32, 48, 64, 128, 256, 512])
    writeFileSync(join(folder, 'icons', `${edge}x${edge}.png`), markPng(edge))
  say(`Drew the icon into ${folder}.`)
} finally {
  rmSync(outDir, { recursive: true, force: true })
}
