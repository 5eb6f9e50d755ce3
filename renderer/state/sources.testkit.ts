import { type ESTree, parseSync } from 'vite'

/** The source texts of the window, by path from `renderer/`; tests and their kits are none. */
export const sources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }))
    .map(([path, text]) => [path.replace('../', '').replace('./', 'state/'), text] as const)
    .filter(([path]) => !/\.(test|testkit)\.tsx?$/.test(path)),
)

/** Every part of what a source says, the outer ones first. Throws for a source that cannot be parsed. */
export function nodesOf(path: string): readonly ESTree.Node[] {
  const { program, errors } = parseSync(path, sources[path] ?? '')
  const [error] = errors
  if (error) throw new Error(`${path}: ${error.message}`)
  const found: ESTree.Node[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one)
    else if (isNode(value)) {
      found.push(value)
      for (const part of Object.values(value)) walk(part)
    }
  }
  walk(program)
  return found
}

function isNode(value: unknown): value is ESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** The line of a place in a source, for a person to find it: "components/Tabs.tsx:12". */
export function placeOf(path: string, { start }: { readonly start: number }): string {
  return `${path}:${(sources[path] ?? '').slice(0, start).split('\n').length}`
}
