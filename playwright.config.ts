import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  projects: [
    {
      name: 'electron',
      testMatch:
        /(connections|diagnostics|runList|stories|trajectories|runner|logs|mountDaemon|tokens|savedFiles|notifications|settings|attention|tray|tour|runDetail|waysToMove|overview|palette|lastEnd|sources|sourceActs|sourceTroubles)\.spec\.ts/,
      metadata: { target: 'electron' },
    },
    {
      name: 'packaged',
      testMatch: /(smoke|security|stories|layout|updates|logs|fuses|package)\.spec\.ts/,
      grepInvert: /@main/, // They look into the main process, which a package lets nobody do.
      metadata: { target: 'packaged' },
    },
    {
      name: 'browser',
      testMatch: process.env.RUNDESK_EVERY_STORY
        ? /(smoke|browser|connection|hostilePages|installed|layout|runScreens|socketFuzz|tokens|desk|hostileWorkspace|diagnostics|runList|stories|trajectories|runner|logs|mountDaemon|settings|tour|runDetail|overview|palette)\.spec\.ts/
        : /(smoke|browser|connection|hostilePages|installed|layout|runScreens|socketFuzz|tokens|desk|hostileWorkspace|diagnostics)\.spec\.ts/,
      grepInvert: /@desktop/,
      metadata: { target: 'browser' },
    },
    {
      name: 'security',
      testMatch: /(security|fuzz|hostileWorkspace)\.spec\.ts/,
      grepInvert: /@package/,
      metadata: { target: 'electron' },
    },
  ],
})
