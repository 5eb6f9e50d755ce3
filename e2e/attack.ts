import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { contractChannels } from '../shared/contractChannels.testkit'
import type { HostileSource } from '../shared/hostileMessages.testkit'
import type { askHostile, HostileTally } from './pageHostility'

const name = 'hostility'
const channels = contractChannels()
let script: Promise<string> | undefined

/** Lets a page send so many hostile messages over its bridge, to every channel of the contract. */
export async function attack(
  page: Page,
  source: Omit<HostileSource, 'channels'> & { readonly count: number },
): Promise<HostileTally> {
  script ??= bundleForPage(resolve(import.meta.dirname ?? 'e2e', 'pageHostility.ts'))
  await page.evaluate(await script)
  return page.evaluate(
    (given) => (globalThis as unknown as { hostility: { askHostile: typeof askHostile } }).hostility.askHostile(given),
    { ...source, channels },
  )
}

/** Bundles a TypeScript file as a script that leaves its exports in a global variable. */
async function bundleForPage(path: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: path, formats: ['iife'], name } },
  })
  const [bundle] = Array.isArray(built) ? built : [built]
  const chunk = bundle && 'output' in bundle ? bundle.output[0] : undefined
  if (!chunk) throw new Error(`${path} gave no script`)
  return `${chunk.code}\nglobalThis.${name} = ${name}`
}
