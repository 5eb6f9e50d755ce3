import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, say } from './lib.mjs'
import { playInElectron } from './playInElectron.mjs'

// npm run shots: pictures of every screen, in both themes, narrow and wide, empty, full and broken, into .cache/shots.
playInElectron(['--config', 'playwright.shots.config.ts', ...process.argv.slice(2)], {
  what: 'take pictures of',
  screen: '1600x1000x24',
  after: (place) => {
    const shots = join(root, '.cache', 'shots')
    if (place !== root) {
      rmSync(shots, { recursive: true, force: true })
      cpSync(join(place, '.cache', 'shots'), shots, { recursive: true })
    }
    say(`the pictures lie in ${shots}`)
  },
})
