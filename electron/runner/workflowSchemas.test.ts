import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { stepsJsonSchema, workflowJsonSchema } from '../../shared/workflowSchemas'

test.each([
  ['workflow', workflowJsonSchema()],
  ['steps', stepsJsonSchema()],
])('schema/%s.schema.json is what the runner checks with (npm run schema writes it)', async (name, schema) => {
  const path = fileURLToPath(new URL(`../../schema/${name}.schema.json`, import.meta.url))
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
})

test('every key of a step is described', () => {
  const step = JSON.parse(JSON.stringify(workflowJsonSchema())).properties.workflows.items.properties.steps.items
  const silent = Object.entries(step.properties).filter(([, value]) => !(value as { description?: string }).description)
  expect(silent).toEqual([])
})
