import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'soak',
  testMatch: /\.soak\.ts/,
  outputDir: '.cache/soak-run',
  workers: 1,
  reporter: 'list',
  projects: [{ name: 'soak', metadata: { target: 'electron' } }],
})
