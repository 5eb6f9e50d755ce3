import { resolve } from 'node:path'
import type { Plugin } from 'vite'

/** A part of a syntax tree. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

const helper = JSON.stringify(resolve('shared/lazily.ts'))

/**
 * Has schemas made when something is first asked of them: a command needs few of the thousand that are declared, and to make
 * all of them takes longer than anything else at its start.
 */
export function lazySchemas(): Plugin {
  return {
    name: 'rundesk-lazy-schemas',
    enforce: 'post',
    transform(code, id) {
      if (!/\/shared\/(?:rules\/)?[^/]+\.ts$/.test(id) || !/from\s*["']zod["']/.test(code)) return null
      const places = schemasIn(this.parse(code) as unknown as Program)
      if (places.length === 0) return null
      let text = code
      for (const { start, end } of places.toSorted((one, other) => other.start - one.start))
        text = `${text.slice(0, start)}__lazily(() => (${text.slice(start, end)}))${text.slice(end)}`
      return { code: `import { lazily as __lazily } from ${helper}\n${text}`, map: null }
    },
  }
}

interface Program extends Node {
  readonly body: readonly (Node & Readonly<Record<string, unknown>>)[]
}

/** The schemas that a module makes when it is loaded, the outermost call of each. */
function schemasIn({ body }: Program): readonly Node[] {
  const found: Node[] = []
  for (const statement of body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    for (const declarator of partsOf(declared, 'declarations')) visit(partOf(declarator, 'init'), found)
  }
  return found
}

function visit(value: unknown, found: Node[]): void {
  const node = value as (Node & Record<string, unknown>) | undefined
  if (!node) return
  if (node.type === 'CallExpression' && isSchema(node)) found.push(node)
  else if (node.type === 'ObjectExpression')
    for (const property of partsOf(node, 'properties')) visit(partOf(property, 'value'), found)
}

/** What only a schema is asked for: whatever the name before it, this makes another one. */
const makers = new Set(['extend', 'pick', 'omit', 'partial'])

/** Does the chain of calls begin with `z.`, or with another schema? */
function isSchema(node: Record<string, unknown>): boolean {
  let root: unknown = node
  let first: unknown
  for (;;) {
    const { type, callee, object, property, name } = root as Record<string, unknown>
    if (type === 'CallExpression') root = callee
    else if (type === 'MemberExpression') {
      root = object
      first = (property as Record<string, unknown>).name
    } else
      return (
        type === 'Identifier' &&
        root !== node &&
        (name === 'z' || /Schema$/.test(String(name)) || makers.has(String(first)))
      )
  }
}

function partOf(node: unknown, name: string): unknown {
  return (node as Record<string, unknown> | undefined)?.[name]
}

function partsOf(node: unknown, name: string): readonly unknown[] {
  const parts = partOf(node, name)
  return Array.isArray(parts) ? parts : []
}
