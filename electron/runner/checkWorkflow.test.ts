import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findingLine } from './findings'
import { planWorkflow } from './planWorkflow'
import { makeWorkspace, workflowText } from './workflowText.testkit'

/** The findings of a text, a line each. */
async function findingsOf(text: string): Promise<readonly string[]> {
  const workspaceDir = await makeWorkspace({ 'f.yaml': text })
  const { findings } = await planWorkflow({
    path: join(workspaceDir, 'f.yaml'),
    shown: 'f',
    workspaceDir,
    vars: null,
  })
  return findings.map(findingLine)
}

const step = (rest: string): string => workflowText(`- { name: a, type: deterministic, command: "true"${rest} }`)

test('a sound file has no findings', async () => {
  expect(await findingsOf(step(', dependsOn: [], rollback: "true", env: [HOME], retryOn: [1]'))).toEqual([])
})

test.each([
  [
    'a near miss',
    step(', timeoutMS: 5'),
    'f:7:58: warning: the key "timeoutMS" is not known and is ignored. Did you mean "timeoutMs"?',
  ],
  ['nothing near', step(', colour: red'), 'f:7:58: warning: the key "colour" is not known and is ignored'],
  [
    'a number for a text',
    workflowText('- { name: 5, type: deterministic, command: "true" }'),
    'f:7:17: name: this is no text. Put it into quotes',
  ],
  ['a wrong type', step(', retries: many'), 'f:7:67: retries must be a number, but is text'],
  ['a part of a number', step(', retries: 1.5'), 'retries must be a whole number'],
  ['a number below zero', step(', timeoutMs: -1'), 'timeoutMs must be 0 or more'],
  ['a number that is none', step(', timeoutMs: .nan'), 'timeoutMs must be a number, but is no number'],
  ['too large a number', step(', retries: 99999999999999999999'), 'retries must be 1000 or less'],
  ['a text for a list', step(', dependsOn: a'), 'dependsOn must be a list, but is text'],
  ['a text for yes or no', step(', failOnError: x'), 'failOnError must be true or false, but is text'],
  ['a missing name', workflowText('- { type: deterministic, command: "true" }'), 'f:7:9: name is missing'],
  ['an empty name', workflowText('- { name: " ", type: deterministic, command: "true" }'), 'f:7:17: name is empty'],
  ['an unknown type', workflowText('- { name: a, type: shell, command: "true" }'), 'f:7:26: type must be one of'],
  [
    'a command without a type',
    workflowText('- { name: a, command: "true" }'),
    'f:7:9: step "a" has no agent, which a step of type agent needs. A step with a command is of type: deterministic',
  ],
  ['no command', workflowText('- { name: a, type: deterministic }'), 'f:7:9: step "a" has no command'],
  ['no branch', workflowText('- { name: a, type: worktree, branch: " " }'), 'f:7:9: step "a" has no branch'],
  [
    'an unknown dependency',
    step(', dependsOn: [b]'),
    'f:7:70: step "a" depends on "b", which is no step of this workflow. Did you mean "a"?',
  ],
  [
    'control characters in a name',
    workflowText('- { name: "a\\x1b[2J", type: deterministic, command: "true" }'),
    'f:7:17: the name "a\\u001b[2J" holds control characters',
  ],
  ['a folder outside', step(', cwd: a/../..'), 'f:7:63: cwd "a/../.." leads out of the workspace'],
  [
    'an unknown workdir',
    step(', workdir: lib'),
    'f:7:67: step "a" names the workdir "lib", which is none of the paths',
  ],
  [
    'a check without a value',
    step(', verification: { type: file_exists }'),
    'the verification file_exists needs a value',
  ],
  [
    'a repository that is none',
    step(', verification: { type: pr_url, value: acme }'),
    'pr_url takes nothing or OWNER/REPO, not "acme"',
  ],
  [
    'an exit code that is not compared',
    step(', verification: { type: exit_code, value: 3 }'),
    'warning: exit_code holds whenever the step succeeds',
  ],
  [
    'a variable that the shell would parse',
    step(', rollback: "eval {{x}}"'),
    'f:7:68: {{x}} has no safe place here: it stands behind eval',
  ],
  [
    'an output of no step',
    step(', rollback: "echo {{steps.b.output}}"'),
    'warning: {{steps.b.output}} names no step of this workflow and stays as it is. Did you mean "a"?',
  ],
  [
    'an output where none is filled in',
    step(', cwd: "{{steps.a.output}}"'),
    'warning: {{steps.a.output}} is not filled in here and stays as it is',
  ],
  [
    'a missing version',
    'name: x\nswarm: { pattern: dag }\nworkflows: [{ name: m, steps: [{ name: a, type: deterministic, command: x }] }]\n',
    'f:1:1: version is missing',
  ],
  [
    'no steps',
    'version: "1"\nname: x\nswarm: { pattern: dag }\nworkflows: [{ name: m, steps: [] }]\n',
    'f:4:31: steps is empty',
  ],
  ['a text instead of a file', 'just words', 'f:1:1: the file must be a map, but is text'],
  ['an empty file', '', 'f:1:1: this file is empty'],
])('%s is told with its line and column', async (_what, text, line) => {
  expect(await findingsOf(text)).toEqual(expect.arrayContaining([expect.stringContaining(line)]))
})

test('a circle is told by its names', async () => {
  const text = workflowText(`- { name: a, type: deterministic, command: x, dependsOn: [c] }
- { name: b, type: deterministic, command: x, dependsOn: [a] }
- { name: c, type: deterministic, command: x, dependsOn: [b] }`)
  expect(await findingsOf(text)).toEqual(['f:7:64: these steps wait for each other in a circle: "a" → "b" → "c" → "a"'])
})

test('two workflows or two steps of one name are told', async () => {
  const twice =
    '{ name: m, steps: [{ name: a, type: deterministic, command: x }, { name: a, type: deterministic, command: y }] }'
  const text = `version: "1"\nname: x\nswarm: { pattern: dag }\nworkflows:\n  - ${twice}\n  - { name: m, steps: [{ name: b, type: deterministic, command: x }] }\n`
  expect(await findingsOf(text)).toEqual([
    'f:5:78: two steps are named "a". Give each its own name',
    'f:6:13: two workflows are named "m". Give each its own name',
  ])
})

test.each([
  ['a version that is a number', 'version: "1.0"', 'version: 1'],
  ['no version', 'version: "1.0"\n', ''],
  ['an empty name', /^name: .*/m, 'name: ""'],
  ['no pattern', 'pattern: dag', 'patern: dag'],
  ['no swarm', /^swarm: .*\n/m, ''],
  ['a workflow without a name', /^( *)- name: .*\n/m, '$1- description: none\n'],
])('%s hides no fault of the steps', async (_what, old, fault) => {
  const text = workflowText(`- { name: a, type: deterministic, command: x, dependsOn: [b] }
- { name: b, type: deterministic, command: x, dependsOn: [a] }
- { name: c, type: deterministic, command: x }
- { name: c, type: deterministic, dependsOn: [nobody] }`)
  const broken = text.replace(old, fault)
  const found = (await findingsOf(broken)).join('\n')
  expect([
    broken === text,
    ...['two steps', 'circle', 'nobody', 'no command'].filter((words) => !found.includes(words)),
  ]).toEqual([false])
})

test('wrong types hide nothing else', async () => {
  const text = workflowText(`- { name: a, type: deterministic, command: x, timeoutMs: soon, verification: {} }
- { name: b, type: deterministic, dependsOn: [nobody] }
- { name: b, type: deterministic, command: "echo {{steps.z.output}}", retries: [] }`)
  expect(
    (await findingsOf(text)).map((line) =>
      line.replace(/: (warning: )?.*?(timeoutMs|type|nobody|no command|two steps|steps\.z|retries).*/, ' $2'),
    ),
  ).toEqual([
    'f:7:64 timeoutMs',
    'f:7:84 type',
    'f:8:9 no command',
    'f:8:53 nobody',
    'f:9:17 two steps',
    'f:9:50 steps.z',
    'f:9:86 retries',
  ])
})

test('a key without a value counts as a key that is not there', async () => {
  expect(
    await findingsOf(workflowText('- name: a\n  type: deterministic\n  command: x\n  dependsOn:\n  verification:\n')),
  ).toEqual([])
})

test('names of objects of the language are names like any other', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const steps = names.map((name, index) => {
    const before = names[index - 1]
    return `- { name: ${name}, type: deterministic, command: "true", dependsOn: [${before ?? ''}] }`
  })
  expect(await findingsOf(workflowText(steps.join('\n')))).toEqual([])
})

test('a required folder of paths must be there, another one is warned of', async () => {
  const head = 'paths:\n  - { name: lib, path: ./lib }\n  - { name: doc, path: ./doc, required: false }'
  const steps = '- { name: a, type: deterministic, command: x, workdir: lib }'
  expect((await findingsOf(workflowText(steps, head))).map((line) => line.replace(/is \/.*, /, 'is …, '))).toEqual([
    'f:5:24: the path "lib" is …, which does not exist',
    'f:6:24: warning: the path "doc" is …, which does not exist',
  ])
})

test('thousands of findings are cut, and what is left is told in the order of the file', async () => {
  const steps = Array.from({ length: 2_000 }, (_, n) => `- { name: s${n}, type: deterministic, command: x, k${n}: 1 }`)
  const found = await findingsOf(workflowText(steps.join('\n')))
  expect([found.length, found[0]?.startsWith('f:7:'), found.at(-1)?.startsWith('f:506:')]).toEqual([500, true, true])
})
