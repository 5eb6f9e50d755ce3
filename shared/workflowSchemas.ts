import { z } from 'zod'
import { workflowFileSchema } from './workflowFile'
import { customStepsFileSchema, type FileStep, stepSchema } from './workflowStep'

/** A JSON schema as editors read it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON schema (draft 7) of workflow files. */
export function workflowJsonSchema(): JsonSchema {
  return { title: 'Workflow file', ...toJsonSchema(workflowFileSchema) }
}

/** The JSON schema (draft 7) of `.relay/steps.yaml`. */
export function stepsJsonSchema(): JsonSchema {
  return { title: 'Custom steps', ...toJsonSchema(customStepsFileSchema) }
}

/** What a step of each type needs, besides its name. */
export const stepNeeds: Readonly<Record<FileStep['type'], readonly (keyof FileStep)[]>> = {
  deterministic: ['command'],
  worktree: ['branch'],
  agent: ['agent', 'task'],
  integration: ['integration', 'action'],
  waitFor: ['waitFor'],
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === stepSchema) Object.assign(jsonSchema, stepRules())
      else if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined)
        jsonSchema.additionalProperties = false
    },
  }) as JsonSchema
}

/** A step that uses a custom step has its parameters as keys; every other one only known keys, and those its type needs. */
function stepRules(): JsonSchema {
  const typed = Object.entries(stepNeeds).map(([type, keys]) => {
    const required = type === 'agent' ? [] : ['type'] // It is the default.
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON schema
    return { if: { properties: { type: { const: type } }, required }, then: { required: keys } }
  })
  return {
    if: { required: ['use'] },
    else: { propertyNames: { enum: Object.keys(stepSchema.shape) }, allOf: typed },
  }
}
