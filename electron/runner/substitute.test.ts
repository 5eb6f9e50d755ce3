import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { fillVariables, outputVariables, referenceContents } from './substitute'

const reference = (command: string, lookUp: (name: string) => string | undefined) =>
  referenceContents(command, lookUp, (_name, content) => ({ bytes: Buffer.byteLength(content), wayOut: '.' }))

const places: Readonly<Record<string, string>> = {
  unquoted: 'printf %s {{x}}',
  'in double quotes': 'printf %s "{{x}}"',
  'in single quotes': "printf %s '{{x}}'",
  'glued to text': 'printf %s \'\'{{x}}""',
  'in a command substitution': 'v=$(printf %s {{x}}.); printf %s "${v%.}"',
  'in quotes in a command substitution': 'v="$(printf %s "{{x}}".)"; printf %s "${v%.}"',
  'in an inner shell': "sh -c 'printf %s {{x}}'",
  'behind a comment with an apostrophe': "true # don't\nprintf %s {{x}}",
  'behind a comment on a continued line': "true \\\n# it's\nprintf %s {{x}}",
  'in an inner shell with options': "sh -e -o noglob -c 'printf %s {{x}}'",
  'as an argument of an inner shell': 'sh -c \'printf %s "$1"\' _ {{x}}',
  'in a branch of a case': '(case a in a) printf %s {{x}};; esac)',
  'behind a redirection': 'cat >/dev/null 2>&1 </dev/null; printf %s {{x}}',
}
const heredocs: Readonly<Record<string, string>> = {
  'in a here-document': 'cat <<EOF\n{{x}}\nEOF\n',
  'in a literal here-document': "cat <<'EOF'\n{{x}}\nEOF\n",
  'in a command substitution in a here-document': 'cat <<EOF\n$(printf %s {{x}}; echo .)\nEOF\n',
}

function sh(command: string, env: Readonly<Record<string, string>>, cwd: string): string {
  return execFileSync('sh', ['-c', command], { env: { PATH: process.env.PATH, ...env }, cwd, encoding: 'utf8' })
}

const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'$`"\'\\(){};&|<>*?#~!= \t\nabé😀'), maxLength: 40 }),
  fc.constantFrom(
    '$(touch pwned)',
    '`touch pwned`',
    "'; touch pwned; '",
    '"; touch pwned; "',
    '\nEOF\ntouch pwned\n',
    '${PATH}',
    '\\',
    '-n',
    '{{steps.a.output}}',
  ),
)

for (const [where, template] of Object.entries({ ...places, ...heredocs })) {
  const end = where.includes('substitution in a here') ? '.\n' : where in heredocs ? '\n' : ''
  test(`an output reaches the command byte for byte ${where}`, async () => {
    const cwd = await makeTemporaryFolder()
    fc.assert(
      fc.property(nasty, (content) => {
        const { command, env } = reference(template.replaceAll('{{x}}', '{{steps.a.output}}'), () => content)
        expect(sh(command, env, cwd)).toBe(content + end)
      }),
      { numRuns: 40 },
    )
    expect(existsSync(join(cwd, 'pwned'))).toBe(false)
  })

  test(`a variable reaches the command byte for byte ${where}`, async () => {
    const cwd = await makeTemporaryFolder()
    const safe = where in heredocs ? nasty.filter((text) => !/EOF|\{\{/.test(text)) : nasty
    fc.assert(
      fc.property(safe, (value) => {
        const filled = fillVariables(template, { step: 's', vars: { x: value } })
        const { command } = reference(filled, () => 'a value that looks like a template was filled in')
        expect(sh(command, {}, cwd)).toBe(value + end)
      }),
      { numRuns: 40 },
    )
    expect(existsSync(join(cwd, 'pwned'))).toBe(false)
  })
}

test('a variable that would end the here-document around it is refused', () => {
  expect(() => fillVariables('cat <<EOF\n{{x}}\nEOF\n', { step: 's', vars: { x: 'a\nEOF\nb' } })).toThrow(
    /here-document/,
  )
})

test('the rest of a literal here-document stays literal', async () => {
  const { command, env } = reference("cat <<'EOF'\n$HOME `x` \\\\ {{steps.a.output}}\nEOF\n", () => 'v')
  expect(sh(command, env, await makeTemporaryFolder())).toBe('$HOME `x` \\\\ v\n')
})

test.each([
  ['backticks', 'echo `echo {{steps.a.output}}`'],
  ['arithmetic', 'echo $(( {{steps.a.output}} + 1 ))'],
  ['eval', 'eval echo {{steps.a.output}}'],
  ['eval on a continued line', 'eval \\\n echo {{steps.a.output}}'],
  ['eval behind a quoted semicolon', 'eval "true; echo {{steps.a.output}}"'],
  ['trap', "trap 'echo {{steps.a.output}}' EXIT"],
  ['the code of an inner shell', 'sh -c "echo {{steps.a.output}}"'],
  ['the code of an inner shell with long options', 'bash --norc -o pipefail -c "echo {{steps.a.output}}"'],
  ['the code of an inner shell on a continued line', 'sh -c \\\n "echo {{steps.a.output}}"'],
  ['the code of a quoted inner shell', '"/bin/sh" -c "echo {{steps.a.output}}"'],
  ['the code of a shell named by a variable', '"$SHELL" -c "echo {{steps.a.output}}"'],
  ['code put together of several quotes', `sh -c ''"echo {{steps.a.output}}"`],
  ['code that an inner shell reads', 'sh <<EOF\necho {{steps.a.output}}\nEOF\n'],
  ['code that an inner shell reads literally', "bash -s -- x <<'EOF'\necho {{steps.a.output}}\nEOF\n"],
  ['a case in quotes', 'x="$(case a in a) echo {{steps.a.output}};; esac)"'],
  ['text behind a here-document without an end', 'cat <<EOF\nx\necho {{steps.a.output}}'],
  ['an arithmetic expression in a here-document', 'cat <<EOF\n$(( {{steps.a.output}} ))\nEOF\n'],
])('content is refused in %s, where the shell would parse it', (_where, command) => {
  expect(() => reference(command, () => 'x')).toThrow(/cannot be filled in/)
})

test('content that does not fit is refused by name, with the length of the whole and the way out', () => {
  const tooLong = (): string => 'x'.repeat(102_401)
  expect(() =>
    referenceContents('echo {{steps.my-step.output}}', tooLong, () => ({ bytes: 700_000, wayOut: '. Go there.' })),
  ).toThrow('{{steps.my-step.output}} has 700000 bytes, more than the 102400 that fit into a command. Go there.')
})

test('where two steps would share a variable the later one gets a number', () => {
  expect([...outputVariables(['my_step', 'my-step'])]).toEqual([
    ['my_step', 'RUNDESK_OUTPUT_MY_STEP'],
    ['my-step', 'RUNDESK_OUTPUT_MY_STEP_2'],
  ])
})

test.each(["docker ps --format '{{.Names}}'", 'echo {{json .}}', 'echo ${{ a b }} {{}}'])(
  'double braces that are no template are left alone: %s',
  (command) => {
    expect(reference(fillVariables(command, { step: 's', vars: {} }), () => 'x').command).toBe(command)
  },
)

test('an unknown step stays as it is, an unknown variable is an error', () => {
  expect(reference('echo {{steps.none.output}}', () => undefined).command).toBe('echo {{steps.none.output}}')
  expect(() => fillVariables('echo {{who}}', { step: 's', vars: {} })).toThrow(/--var who=VALUE/)
})
