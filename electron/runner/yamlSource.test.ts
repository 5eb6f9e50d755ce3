import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createFindings, findingLine } from './findings'
import { type PositionOf, parseYaml, type YamlSource } from './yamlSource'
import { readYamlText } from './yamlText'

const nested = (inner: string): string => `${'['.repeat(40)}${inner}${']'.repeat(40)}`

async function read(text: string): Promise<{
  readonly source: YamlSource | null
  readonly lines: readonly string[]
  readonly positionOf: PositionOf | undefined
}> {
  const findings = createFindings('f')
  const source = await parseYaml(text, findings)
  return { source, lines: findings.list().map(findingLine), positionOf: await source?.places() }
}

test('a text is a value, and every part of it has a place', async () => {
  const { source, positionOf } = await read('a:\n  - b: 1\n    "c d": [x, y]\n')
  const places = [
    positionOf?.(['a', 0, 'c d', 1], 'value'),
    positionOf?.(['a', 0, 'c d'], 'key'),
    positionOf?.(['a', 0, 'missing', 'deeper'], 'value'),
  ]
  expect([source?.value, places]).toEqual([
    { a: [{ b: 1, 'c d': ['x', 'y'] }] },
    [
      { line: 3, column: 16 },
      { line: 3, column: 5 },
      { line: 2, column: 5 },
    ],
  ])
})

test('JSON is read as the YAML that it is, with the same places', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(3), async (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const [json, yaml] = await Promise.all([read(text), read(`${text} # &careful`)])
      const paths = Object.keys(value).flatMap((key) => [
        [json, yaml].map(({ positionOf }) => positionOf?.([key], 'key')),
        [json, yaml].map(({ positionOf }) => positionOf?.([key, 0], 'value')),
      ])
      expect(json.source?.value).toEqual(yaml.source?.value)
      for (const [one, other] of paths) expect(one).toEqual(other)
    }),
  )
})

test.each(['{"a": 1, "b": {"a": 2, "a": 3}}', '{"a": "\\" : ", "\\u0061": 2}'])(
  'a key that stands twice in JSON is told: %s',
  async (text) => {
    expect((await read(text)).lines.join()).toMatch(/the key "a" stands here twice/)
  },
)

test('places are found through aliases', async () => {
  const { positionOf } = await read('base: &b\n  k: 1\nuse: *b\n')
  expect(positionOf?.(['use', 'k'], 'value')).toEqual({ line: 2, column: 6 })
})

test.each([
  ['an unclosed list', 'a: [1, 2\nb: 3\n', 'f:2:1: this is not valid YAML'],
  ['a second document', 'a: 1\n---\nb: 2\n', 'f:2:1: a second document begins here'],
  ['an alias of nothing', 'a: *nobody\n', 'f:1:1: this cannot be read'],
  ['brackets that are too deep', '['.repeat(20_000), 'f:1:101: lists and maps are more than 100 deep here'],
  ['maps that are too deep', `${'a: '.repeat(20_000)}1`, 'lists and maps are more than 100 deep here'],
  ['dashes that are too deep', '- '.repeat(200_000), 'lists and maps are more than 100 deep here'],
  [
    'an alias bomb',
    `a: &a [x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]},`.repeat(9)}]\n`)
      .join('')}`,
    'this cannot be read',
  ],
  [
    'aliases that make much of a little',
    `a: &a "${'x'.repeat(1_000_000)}"\nb: [${'*a,'.repeat(90)}]\n`,
    'its aliases make too much of this file',
  ],
  [
    'a chain of aliases',
    `a: &a ${nested('1')}\nb: &b ${nested('*a')}\nc: ${nested('*b')}\n`,
    'its aliases make this file nest too deeply',
  ],
  ['an alias of itself', 'a: &a\n  b: *a\n', 'its aliases make this file nest too deeply'],
  ['more parts than anybody writes', '\n'.repeat(600_000), 'too many parts'],
])('%s is told and nothing else comes of it', async (_what, text, words) => {
  const { source, lines } = await read(text)
  expect([source, lines[0]]).toEqual([null, expect.stringContaining(words)])
})

test.each([
  ['stands twice', 'a: 1\nb: 2\na: 3\n', 'f:3:1: the key "a" stands here twice'],
  ['is a list', 'ok: 1\n? [x]\n: 1\n', 'f:2:3: a key is text, not a list, a map or an alias'],
])('a key that %s is told, and the rest is read', async (_what, text, line) => {
  const { source, lines } = await read(text)
  expect([source !== null, lines]).toEqual([true, [line]])
})

test('twenty thousand keys are read in one go', async () => {
  const { source } = await read(Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'))
  expect(Object.keys(source?.value ?? {})).toHaveLength(20_000)
})

test('the key __proto__ is a key like any other', async () => {
  const { source } = await read('__proto__: {polluted: yes}\nconstructor: 1\n')
  expect([Object.keys(source?.value ?? {}), 'polluted' in {}]).toEqual([['__proto__', 'constructor'], false])
})

test('a file of more than 4 MiB is refused by its size', async () => {
  const path = join(await makeTemporaryFolder(), 'big.yaml')
  await writeFile(path, Buffer.alloc(4 * 1024 * 1024 + 1, 10))
  await expect(readYamlText(path, 'big.yaml')).rejects.toThrow('big.yaml has 4194305 bytes')
})

test('a folder is no workflow file', async () => {
  await expect(readYamlText(await makeTemporaryFolder(), 'here')).rejects.toThrow('here is a folder')
})

test('a pipe that nobody writes to is refused at once', async () => {
  const path = join(await makeTemporaryFolder(), 'pipe.yaml')
  spawnSync('mkfifo', [path])
  await expect(readYamlText(path, 'pipe.yaml')).rejects.toThrow('pipe.yaml is no plain file')
})

test('a file that is not there is told with its name', async () => {
  const path = join(await makeTemporaryFolder(), 'none.yaml')
  await expect(readYamlText(path, 'none.yaml')).rejects.toMatchObject({
    code: 'invalid_workflow',
    message: 'none.yaml cannot be read: it does not exist. Check the path.',
  })
})
