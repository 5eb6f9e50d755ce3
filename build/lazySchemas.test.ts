import { parseAst } from 'vite'
import { expect, test } from 'vitest'
import { lazySchemas } from './lazySchemas'

/** What the plugin makes of a module of `shared`. */
function transformed(code: string, id = '/rundesk/shared/things.ts'): string {
  const { transform } = lazySchemas()
  if (typeof transform !== 'function') throw new Error('It transforms no module')
  const context = { parse: parseAst } as unknown as ThisParameterType<typeof transform>
  const made = transform.call(context, code, id)
  return typeof made === 'object' && made !== null && 'code' in made ? String(made.code) : code
}

test.each([
  ['const a = z.string()', 'const a = __lazily(() => (z.string()))'],
  [
    'export const a = z.object({ b: z.string().min(1) })',
    'export const a = __lazily(() => (z.object({ b: z.string().min(1) })))',
  ],
  [
    'const a = otherSchema.extend({ b: z.string() })',
    'const a = __lazily(() => (otherSchema.extend({ b: z.string() })))',
  ],
  [
    "export const a = { 'runs:get': { input: none, output: z.object({}) } }",
    "export const a = { 'runs:get': { input: none, output: __lazily(() => (z.object({}))) } }",
  ],
  ['const a = ref.extend({ b: otherSchema })', 'const a = __lazily(() => (ref.extend({ b: otherSchema })))'],
  ['const a = words.join(" ")', 'const a = words.join(" ")'],
  ['const a = bounded(z.string())', 'const a = bounded(z.string())'],
  ['const a = () => z.string()', 'const a = () => z.string()'],
])('a module that declares %s', (code, expected) => {
  const head = "import { z } from 'zod'\n"
  const made = transformed(head + code)
  expect(made.slice(made.indexOf(head) + head.length)).toBe(expected)
})

test('what makes no schema, and what lies elsewhere, stays as it is', () => {
  const schema = "import { z } from 'zod'\nexport const a = z.string()"
  expect([transformed('export const a = z.string()'), transformed(schema, '/rundesk/electron/a.ts')]).toEqual([
    'export const a = z.string()',
    schema,
  ])
})
