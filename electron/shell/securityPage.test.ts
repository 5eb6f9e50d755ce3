import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/security.md'), 'utf8')

test('every file and every test that the security page names exists', () => {
  const files = [...page.matchAll(/`([\w./-]+\.(?:tsx?|yml|json))`/g)].map(([, path = '']) => path)
  const tests = [...page.matchAll(/`([\w./-]+\.(?:spec|test)\.tsx?)`: _([^_]+)_/g)]
  const missing = files.filter((path) => !existsSync(join(root, path)))
  const untold = tests.filter(([, path = '', title = '']) => !hasTest(path, title)).map(([, , title]) => title)
  expect({ missing, untold, named: tests.length > 20 }).toEqual({ missing: [], untold: [], named: true })
})

test("the security page answers every item of Electron's checklist", () => {
  const items = [...page.matchAll(/^\| (\d+) /gm)].map(([, number]) => Number(number))
  expect(items).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

test('nothing is handed to a browser or another program to be opened', () => {
  const sources = readdirSync(join(root, 'electron'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test|\.testkit)\.ts$/.test(name),
  )
  const opening = sources.filter((name) =>
    /\b(openExternal|openPath|xdg-open)\b/.test(readFileSync(join(root, 'electron', name), 'utf8')),
  )
  expect([sources.length > 100, opening]).toEqual([true, []])
})

function hasTest(path: string, title: string): boolean {
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : ''
  return text.replaceAll("\\'", "'").includes(title)
}
