import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'shots',
  testMatch: /\.shots\.ts/,
  outputDir: '.cache/shots-run',
  timeout: 300_000,
  workers: 1,
  reporter: 'list',
  projects: [{ name: 'shots', metadata: { target: 'electron' } }],
})
