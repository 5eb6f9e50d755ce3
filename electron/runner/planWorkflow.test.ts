import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RundeskError } from '../../shared/outcome'
import { workflowPlanSchema } from '../../shared/workflows'
import { toWorkflow } from './parseWorkflow'
import { planWorkflow } from './planWorkflow'
import { prepareWorkflow } from './prepareWorkflow'
import { makeWorkspace, workflowText } from './workflowText.testkit'

const customSteps = `steps:
  lint:
    params:
      - { name: dir, required: true }
      - { name: flags, default: --quiet }
      - { name: level }
    command: lint {{dir}} {{ flags }} {{level}} {{mode}} {{steps.first.output}}
    timeoutMs: 7000
    captureOutput: false
  checkout:
    params: [{ name: branch-name, required: true }]
    branch: topic/{{branch-name}}
    createBranch: false
`

async function choose(files: Readonly<Record<string, string>>, chosen?: string) {
  const workspaceDir = await makeWorkspace(files)
  return { path: join(workspaceDir, 'f.yaml'), shown: 'f', workspaceDir, chosen }
}

test('a plan tells all that a window shows', async () => {
  const head = `description: Builds it
paths: [{ name: lib, path: lib }]
errorHandling: { strategy: continue, maxRetries: 4 }`
  const text = workflowText(
    `- { name: get, type: deterministic, command: "curl {{url}}", retries: 1, timeoutMs: 9 }
- { name: tree, type: worktree, branch: "b/{{who}}", dependsOn: [get], rollback: "git worktree remove {{who}}" }
- { name: test, type: deterministic, command: make, workdir: lib, dependsOn: [get], verification: { type: output_contains, value: "{{who}} ok" } }`,
    head,
  )
  const choice = await choose({ 'f.yaml': text, 'lib/x': '' })
  const plan = await planWorkflow({ ...choice, vars: null })
  expect(plan).toEqual({
    file: 'f',
    name: 'flow',
    description: 'Builds it',
    workflow: 'main',
    workflows: ['main'],
    strategy: 'continue',
    steps: [
      {
        name: 'get',
        type: 'deterministic',
        dependsOn: [],
        command: 'curl {{url}}',
        cwd: null,
        retries: 1,
        timeoutMs: 9,
        verification: null,
        rollback: null,
      },
      {
        name: 'tree',
        type: 'worktree',
        dependsOn: ['get'],
        command: 'b/{{who}}',
        cwd: null,
        retries: 4,
        timeoutMs: null,
        verification: null,
        rollback: 'git worktree remove {{who}}',
      },
      {
        name: 'test',
        type: 'deterministic',
        dependsOn: ['get'],
        command: 'make',
        cwd: join(choice.workspaceDir, 'lib'),
        retries: 4,
        timeoutMs: null,
        verification: 'the output contains "{{who}} ok"',
        rollback: null,
      },
    ],
    waves: [['get'], ['tree', 'test']],
    variables: [
      { name: 'url', usedBy: ['get'], default: null },
      { name: 'who', usedBy: ['tree', 'test'], default: null },
    ],
    preflight: [],
    findings: [],
    runner: { kind: 'built-in' },
  })
})

test('steps that only the published runner runs are planned, with the reason, and filled in like all others', async () => {
  const text = workflowText(
    `- { name: talk, agent: w, task: "Write {{what}}" }
- { name: pr, type: integration, integration: github, action: create-pr, params: { title: "{{title}}" } }
- { name: gate, type: waitFor, waitFor: { path: /x } }`,
    'agents: [{ name: w, cli: claude, task: "As {{role}}" }]',
  )
  const choice = await choose({ 'f.yaml': text })
  const plan = await planWorkflow({ ...choice, vars: null })
  const { config, runner } = await prepareWorkflow({ ...choice, vars: { what: 'it', title: 'T', role: 'R' } })
  expect([
    plan.runner,
    plan.variables.map(({ name, usedBy }) => `${name}: ${usedBy}`),
    plan.findings,
    config,
    runner,
  ]).toMatchObject([
    {
      kind: 'published',
      reasons: [
        'step "talk" is of type "agent"',
        'step "pr" is of type "integration"',
        'step "gate" is of type "waitFor"',
      ],
    },
    ['role: agent w', 'what: talk', 'title: pr'],
    [],
    {
      agents: [{ name: 'w', cli: 'claude', task: 'As R' }],
      workflows: [{ steps: [{ task: 'Write it' }, { params: { title: 'T' } }, { waitFor: { path: '/x' } }] }],
    },
    plan.runner,
  ])
})

test('a custom step is put in with its parameters, and what is stored can be run without it', async () => {
  const text = workflowText(`- { name: first, type: deterministic, command: "true" }
- { name: a, use: lint, dir: "src dir", level: 3, dependsOn: [first], retries: 5, env: [CI] }
- { name: b, use: checkout, branch-name: "{{mode}}" }`)
  const choice = await choose({ 'f.yaml': text, '.relay/steps.yaml': customSteps })
  const { config, warnings } = await prepareWorkflow({ ...choice, vars: { mode: "a'b" } })
  expect([warnings, config.workflows]).toEqual([
    [],
    [
      {
        name: 'main',
        steps: [
          { name: 'first', type: 'deterministic', command: 'true' },
          {
            name: 'a',
            type: 'deterministic',
            command: `lint src dir --quiet 3 'a'\\''b' {{steps.first.output}}`,
            timeoutMs: 7000,
            captureOutput: false,
            dependsOn: ['first'],
            retries: 5,
            env: ['CI'],
          },
          { name: 'b', type: 'worktree', branch: "topic/a'b", createBranch: false },
        ],
      },
    ],
  ])
})

test.each([
  [
    'an unknown custom step',
    '- { name: a, use: lin, dir: x }',
    'f:7:25: step "a" uses "lin", which is no step of .relay/steps.yaml. Did you mean "lint"?',
  ],
  ['a missing parameter', '- { name: a, use: lint }', 'f:7:9: step "a" uses "lint" without its parameter "dir"'],
  [
    'a list as a parameter',
    '- { name: a, use: lint, dir: [x] }',
    'f:7:36: the parameter "dir" takes a text or a number',
  ],
  [
    'an unknown parameter',
    '- { name: a, use: lint, dir: x, flag: y }',
    'f:7:39: warning: "flag" is no parameter of the custom step "lint" and is ignored. Did you mean "flags"?',
  ],
])('%s is told where it is used', async (_what, steps, line) => {
  const first = '- { name: first, type: deterministic, command: "true" }'
  const text = workflowText(`${steps}\n${first}`)
  const choice = await choose({ 'f.yaml': text, '.relay/steps.yaml': customSteps })
  const { findings } = await planWorkflow({ ...choice, vars: null })
  expect(
    findings.map(
      ({ file, line: at, column, severity, message }) =>
        `${file}:${at}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}`,
    ),
  ).toEqual([line])
})

test.each([
  ['without steps', 'step: {}', ['[".relay/steps.yaml",1,1]']],
  ['with a step that does nothing', 'steps:\n  lint: { timeoutMs: 4 }', ['[".relay/steps.yaml",2,9]']],
  ['with a wrong type', 'steps:\n  lint: { command: 5 }', ['[".relay/steps.yaml",2,20]']],
  ['that is no YAML', 'steps: [', ['[".relay/steps.yaml",1,9]']],
])('a steps.yaml %s is told with its own place', async (_what, steps, places) => {
  const choice = await choose({
    'f.yaml': workflowText('- { name: a, use: lint, dir: x }'),
    '.relay/steps.yaml': steps,
  })
  const { findings } = await planWorkflow({ ...choice, vars: null })
  const own = findings.filter(({ file, severity }) => file !== 'f' && severity === 'error')
  expect(own.map(({ file, line, column }) => JSON.stringify([file, line, column]))).toEqual(places)
})

test('all variables without a value are told at once, each where it is used', async () => {
  const text = workflowText(`- { name: a, type: deterministic, command: "echo {{x}} {{y}}", cwd: "{{z}}" }
- { name: b, type: deterministic, command: "echo {{x}}", verification: { type: custom, value: "test {{v}}" } }`)
  const choice = await choose({ 'f.yaml': text })
  const error = await prepareWorkflow({ ...choice, vars: { z: '.' } }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'invalid_workflow',
    message: [
      'f:7:50: {{x}} has no value. Give it with --var x=VALUE',
      'f:7:50: {{y}} has no value. Give it with --var y=VALUE',
      'f:8:50: {{x}} has no value. Give it with --var x=VALUE',
      'f:8:101: {{v}} has no value. Give it with --var v=VALUE',
    ].join('\n'),
    details: { findings: [{ line: 7 }, { line: 7 }, { line: 8 }, { line: 8 }] },
  })
})

test('a variable that is used nowhere is warned of', async () => {
  const text = workflowText('- { name: a, type: deterministic, command: "echo {{who}}" }')
  const { warnings } = await prepareWorkflow({ ...(await choose({ 'f.yaml': text })), vars: { who: 'x', wo: 'y' } })
  expect(warnings.map(({ message }) => message)).toEqual(['the variable "wo" is used nowhere. Did you mean "who"?'])
})

test.each([
  ['is longer than the system takes', `{{x}}${'x'.repeat(128 * 1024)}`, 'this command has 131077 bytes'],
  ['holds very many templates', '{{x}} '.repeat(201), 'this command has more than 200 templates'],
])('a command that %s is refused before it is looked at', async (_what, command, words) => {
  const text = workflowText(`- { name: a, type: deterministic, command: "${command}" }`)
  const { findings } = await planWorkflow({ ...(await choose({ 'f.yaml': text })), vars: null })
  expect(findings).toMatchObject([{ severity: 'error', line: 7, message: expect.stringContaining(words) }])
})

test('a value that would become a template of a text is refused', async () => {
  const text = workflowText('- { name: a, type: worktree, branch: "{{b}}" }')
  const start = prepareWorkflow({ ...(await choose({ 'f.yaml': text })), vars: { b: '{{steps.a.output}}' } })
  await expect(start).rejects.toThrow('the variable b holds a template')
})

test('of many errors fifty are said and all are in the details', async () => {
  const steps = Array.from({ length: 80 }, (_, n) => `- { name: s${n}, type: deterministic }`)
  const choice = await choose({ 'f.yaml': workflowText(steps.join('\n')) })
  const error = await prepareWorkflow({ ...choice, vars: {} }).catch((thrown: unknown) => thrown)
  if (!(error instanceof RundeskError)) throw error
  const { message, details } = error
  expect([message.split('\n').length, message.split('\n').at(-1), details?.findings]).toEqual([
    51,
    'and 30 more',
    expect.objectContaining({ length: 80 }),
  ])
})

test.each([
  [undefined, undefined, 'retry', 2],
  ['{ strategy: retry, maxRetries: 7 }', undefined, 'retry', 7],
  ['{ strategy: fail-fast }', 'skip', 'fail-fast', 0],
  ['{ strategy: continue, maxRetries: 1 }', undefined, 'continue', 1],
  [undefined, 'skip', 'continue', 2],
  [undefined, 'fail', 'retry', 2],
])('errorHandling %s with onError %s is %s with %i retries', async (errorHandling, onError, strategy, retries) => {
  const steps = '- { name: a, type: deterministic, command: "true" }'
  const text = `${workflowText(steps, errorHandling ? `errorHandling: ${errorHandling}` : '')}${onError ? `    onError: ${onError}\n` : ''}`
  const choice = await choose({ 'f.yaml': text })
  const plan = await planWorkflow({ ...choice, vars: {} })
  const { config } = await prepareWorkflow({ ...choice, vars: {} })
  const stored = toWorkflow(config, { origin: 'f' })
  expect([plan.strategy, plan.steps[0]?.retries, stored.strategy, stored.maxRetries]).toEqual([
    strategy,
    retries,
    strategy,
    retries,
  ])
})

test('what is stored can be stored again without a change', async () => {
  const text = workflowText(
    '- { name: a, type: deterministic, command: "true", colour: red }',
    'errorHandling: { repairRetries: 1 }',
  )
  const { config } = await prepareWorkflow({ ...(await choose({ 'f.yaml': text })), vars: {} })
  expect(toWorkflow(config, { origin: 'run' }).config).toEqual(config)
})

test('another workflow of the file is chosen by its name, and a wrong one is told', async () => {
  const steps = 'steps: [{ name: a, type: deterministic, command: "true" }]'
  const text = `version: "1"\nname: x\nswarm: { pattern: dag }\nworkflows:\n  - { name: one, ${steps} }\n  - { name: two, ${steps} }\n`
  const workspaceDir = await makeWorkspace({ 'f.yaml': text })
  const planOf = (chosen: string) =>
    planWorkflow({ path: join(workspaceDir, 'f.yaml'), workspaceDir, chosen, vars: null })
  const [two, three] = [await planOf('two'), await planOf('three')]
  expect([two.workflow, two.workflows, three.workflow, three.findings.map(({ message }) => message)]).toEqual([
    'two',
    ['one', 'two'],
    '',
    ['there is no workflow "three". It has: one, two'],
  ])
})

test('planning changes nothing in the workspace', async () => {
  const choice = await choose({ 'f.yaml': workflowText('- { name: a, type: deterministic, command: "touch made" }') })
  await planWorkflow({ ...choice, vars: {} })
  expect(await readdir(choice.workspaceDir)).toEqual(['f.yaml'])
})

test('whatever the text, nothing but an expected failure comes of it, and every plan fits its schema', async () => {
  const workspaceDir = await makeWorkspace({ '.relay/steps.yaml': customSteps })
  const path = join(workspaceDir, 'f.yaml')
  const word = fc.constantFrom(
    'version',
    'name',
    'swarm',
    'pattern',
    'workflows',
    'steps',
    'command',
    'type',
    'deterministic',
    'worktree',
    'use',
    'lint',
    'dir',
    'dependsOn',
    'verification',
    'preflight',
    'failIf',
    '(',
    'paths',
    '__proto__',
    '{{x}}',
    '{{steps.a.output}}',
    '*a',
    '&a',
    '!!binary',
    '1',
    'null',
    '~',
    '"',
    "'",
    '|',
    '>',
    '?',
    '#',
    '\u0000',
    '\u001b',
  )
  const space = fc.constantFrom(
    ' ',
    ': ',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '\t',
    '---\n',
    '<<: ',
  )
  const junk = fc.array(fc.tuple(word, space), { maxLength: 60 }).map((parts) => parts.flat().join(''))
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(word, tie('node'), { maxKeys: 5 }),
    ),
  })).node
  const steps = fc.array(fc.dictionary(word, value, { maxKeys: 6 }), { maxLength: 4 })
  const near = fc.record({
    version: fc.constant('1'),
    name: value,
    swarm: fc.constant({ pattern: 'dag' }),
    paths: value,
    errorHandling: value,
    workflows: fc.tuple(fc.record({ name: word, preflight: value, steps })),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        junk,
        value.map((made) => JSON.stringify(made)),
        near.map((made) => JSON.stringify(made)),
      ),
      async (text) => {
        await writeFile(path, text)
        const choice = { path, workspaceDir, vars: {} }
        const results = await Promise.allSettled([planWorkflow(choice), prepareWorkflow(choice)])
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RundeskError)
        const [plan] = results
        if (plan?.status === 'fulfilled') workflowPlanSchema.parse(plan.value)
      },
    ),
    { numRuns: 400 },
  )
})
