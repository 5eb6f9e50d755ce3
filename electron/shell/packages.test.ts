import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validateSchema } from 'app-builder-lib/out/util/config/schemaValidator'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = (name: string): string => readFileSync(join(root, name), 'utf8')
const schema: unknown = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('app-builder-lib/scheme.json'), 'utf8'),
)
const target = z.union([z.string(), z.object({ target: z.string() }).transform((named) => named.target)])
const platform = z.looseObject({ target: z.array(target), icon: z.string() })
const builder = z
  .looseObject({
    linux: platform,
    mac: platform.extend({ entitlements: z.string(), entitlementsInherit: z.string() }),
    win: platform,
    extraResources: z.array(z.object({ from: z.string() })),
  })
  .parse(parse(text('electron-builder.yml')))

const isValid = (config: unknown): boolean => {
  try {
    validateSchema(schema, config)
    return true
  } catch {
    return false
  }
}

test('the packager takes the configuration of every platform, and would refuse a misspelt part of any', () => {
  const { linux, mac, win } = builder
  const misspelt = [{ linux: { ...linux, x: 1 } }, { mac: { ...mac, x: 1 } }, { win: { ...win, x: 1 } }]
  const whole: unknown = parse(text('electron-builder.yml'))
  const also = (change: object): unknown => ({ ...z.looseObject({}).parse(whole), ...change })
  expect([isValid(whole), ...misspelt.map((change) => isValid(also(change)))]).toEqual([true, false, false, false])
})

test('each system gets its packages', () => {
  expect([builder.linux.target, builder.mac.target, builder.win.target]).toEqual([
    ['AppImage', 'deb', 'rpm', 'tar.gz'],
    ['dmg', 'zip'],
    ['nsis', 'portable'],
  ])
})

test('every file that the configuration names is there', () => {
  const { linux, mac, win, extraResources } = builder
  const named = [linux.icon, mac.icon, win.icon, mac.entitlements, mac.entitlementsInherit]
  expect([...named, ...extraResources.map(({ from }) => from)].filter((name) => !existsSync(join(root, name)))).toEqual(
    [],
  )
})

const step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() })
const workflowSchema = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.looseObject({ steps: z.array(step) })),
})
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => ({
  name,
  ...workflowSchema.parse(parse(text(`.github/workflows/${name}`))),
}))

test.each(workflows)(
  '$name may only read unless a job says otherwise, and names what it uses by content',
  ({ permissions, jobs }) => {
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((one) => one.uses ?? []))
    expect([permissions, uses.filter((use) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(use))]).toEqual([
      { contents: 'read' },
      [],
    ])
  },
)

test.each(workflows)('$name runs only scripts that there are', ({ jobs }) => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(text('package.json')))
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((one) => one.run ?? []))
  const named = runs.flatMap((run) =>
    [...run.matchAll(/\bnpm run (?!--if-present)(?:-\S+ )*(\S+)/g)].map(([, name]) => name),
  )
  const files = runs.flatMap((run) => [...run.matchAll(/\b(?:bash|node) (\S+\/\S+)/g)].map(([, name]) => name))
  expect([
    named.filter((name) => !Object.hasOwn(scripts, name ?? '')),
    files.filter((name) => !existsSync(join(root, name ?? ''))),
  ]).toEqual([[], []])
})
