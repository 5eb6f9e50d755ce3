import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFindings, findingLine } from './findings'
import { readQuickly } from './quickYaml'
import { parseYaml } from './yamlSource'

/** What a careful reader makes of a text: the sign in the comment keeps the quick one from it. */
async function readCarefully(text: string): Promise<readonly unknown[]> {
  const findings = createFindings('f')
  const source = await parseYaml(`# &careful\n${text}`, findings)
  return [source?.value, findings.list().map(findingLine)]
}

/** Lines of all kinds, most of which fit together somewhere. */
const contents = [
  ...['k: v', '- x', '- k: v', '- - y', 'k:', '- ', 'k: |', 'k: >-', '- >+', 'k: |2', '', '# c', 'v # c', '---', '...'],
  ...['text', 'text: more: text', '"q": "x\\ny"', "s: 'it''s", "end'", 'd: "open', 'close"', 'd: "goes on\\', '"j":1'],
  ...['f: [a, b', 'g: [a, "b", {c: 1}]', 'h: {a: 1, b}', '}', ']', 'x],', '[1, 2]', '? c', ': e', 'k : v', '%x: y'],
  ...['n: ~', 'null: y', 'true: x', '1: one', 'e: 1e3', 'o: 0o17', 'b: 0b1', 'u: 1_000', 'd: 2001-12-14', 'y: yes'],
  ...['c: echo "{{x}}" && y || z 2>&1 &', 'c: [ "$a" != b ]', 'a: &a b', 'a: *a', 'i: !!str 1', '<<: {a: 1}', '\tk: v'],
]
const text = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 2, 2, 4, 3), fc.constantFrom(...contents)), { maxLength: 8 }),
    fc.constantFrom('\n', '\n', '\r\n', '\r'),
  )
  .map(([lines, end]) => lines.map(([indent, content]) => ' '.repeat(indent) + content).join(end))

test('what is read quickly is what is read with care, and there is nothing to tell of it', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (yaml) => {
      const value = readQuickly(yaml)
      if (value !== undefined) expect([value, []]).toEqual(await readCarefully(yaml))
    }),
    { numRuns: 20_000 },
  )
})

test('a workflow file as people write it is read quickly', async () => {
  const yaml = `---
version: "1.0" # of the format
name: nightly
swarm: { pattern: dag, maxConcurrency: 2 }
agents: []
workflows:
- name: main
  steps:
    - name: fetch
      type: deterministic
      command: |
        curl -fsS https://example.com/a?b=c > page.html &&
          [ "$(wc -l < page.html)" != 0 ] 2>&1

    - { name: 'load it', type: deterministic, dependsOn: [fetch], timeoutMs: 5000, command: "./load \\"{{which}}\\"" }
    - name: tell
      dependsOn: ["load it"]
      failOnError: false
      env:
      command: >-
        mail -s 'It''s done'
        team@example.com < page.html
`
  expect(readQuickly(yaml)).toMatchObject({ workflows: [{ steps: { length: 3 } }] })
  expect([readQuickly(yaml), []]).toEqual(await readCarefully(yaml))
})

test.each([
  ['a key that stands twice', 'a: 1\na: 2'],
  ['a key that is no text', '? [x]\n: 1'],
  ['an alias', 'a: &a 1\nb: *a'],
  ['a directive', '%YAML 1.1\n---\na: yes'],
  ['a second document', 'a: 1\n---\nb: 2'],
  ['text alone', 'text'],
  ['nothing', ''],
  ['what is too deep', '['.repeat(200)],
  ['what would keep the thread', `a: "${'x'.repeat(300_000)}"`],
])('%s is left to the careful reader', (_what, yaml) => {
  expect(readQuickly(yaml)).toBeUndefined()
})
