import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { fillVariables, referenceContents } from './substitute'

const places: Readonly<Record<string, string>> = {
  unquoted: 'printf %s {{x}}',
  'in double quotes': 'printf %s "{{x}}"',
  'in single quotes': "printf %s '{{x}}'",
  'glued to text': 'printf %s \'\'{{x}}""',
  'in a command substitution': 'v=$(printf %s {{x}}.); printf %s "${v%.}"',
  'in quotes in a command substitution': 'v="$(printf %s "{{x}}".)"; printf %s "${v%.}"',
  'in an inner shell': "sh -c 'printf %s {{x}}'",
  'behind a comment with an apostrophe': "true # don't\nprintf %s {{x}}",
}
const heredocs: Readonly<Record<string, string>> = {
  'in a here-document': 'cat <<EOF\n{{x}}\nEOF\n',
  'in a literal here-document': "cat <<'EOF'\n{{x}}\nEOF\n",
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
  const end = where in heredocs ? '\n' : ''
  test(`an output reaches the command byte for byte ${where}`, async () => {
    const cwd = await makeTemporaryFolder()
    fc.assert(
      fc.property(nasty, (content) => {
        const { command, env } = referenceContents(template.replaceAll('{{x}}', '{{steps.a.output}}'), () => content)
        expect(sh(command, env, cwd)).toBe(content + end)
      }),
      { numRuns: 40 },
    )
    expect(existsSync(join(cwd, 'pwned'))).toBe(false)
  })

  test(`a variable reaches the command byte for byte ${where}`, async () => {
    const cwd = await makeTemporaryFolder()
    const safe = where in heredocs ? nasty.filter((text) => !text.includes('EOF')) : nasty
    fc.assert(
      fc.property(safe, (value) => {
        expect(sh(fillVariables(template, { step: 's', vars: { x: value } }), {}, cwd)).toBe(value + end)
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
  const { command, env } = referenceContents("cat <<'EOF'\n$HOME `x` \\\\ {{steps.a.output}}\nEOF\n", () => 'v')
  expect(sh(command, env, await makeTemporaryFolder())).toBe('$HOME `x` \\\\ v\n')
})

test.each([
  ['backticks', 'echo `echo {{steps.a.output}}`'],
  ['arithmetic', 'echo $(( {{steps.a.output}} + 1 ))'],
  ['eval', 'eval echo {{steps.a.output}}'],
  ['the code of an inner shell', 'sh -c "echo {{steps.a.output}}"'],
])('content is refused in %s, where the shell would parse it', (_where, command) => {
  expect(() => referenceContents(command, () => 'x')).toThrow(/cannot be filled in/)
})

test('content that does not fit is refused by name, with the way out', () => {
  expect(() => referenceContents('echo {{steps.my-step.output}}', () => 'x'.repeat(102_401))).toThrow(
    /RUNDESK_OUTPUT_MY_STEP/,
  )
})

test('an unknown step stays as it is, an unknown variable is an error', () => {
  expect(referenceContents('echo {{steps.none.output}}', () => undefined).command).toBe('echo {{steps.none.output}}')
  expect(() => fillVariables('echo {{who}}', { step: 's', vars: {} })).toThrow(/--var who=VALUE/)
})
