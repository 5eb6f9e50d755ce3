import { CORE_SCHEMA, defineMappingTag, load, mapTag } from 'js-yaml'

/** Keys that are no text are told of, which is not done here. */
const schema = CORE_SCHEMA.withTags(
  defineMappingTag(mapTag.tagName, {
    ...mapTag,
    addPair: (map, key, value) => (typeof key === 'string' ? mapTag.addPair(map, key, value) : 'no text'),
  }),
)

/** What is rare, and where readers of YAML differ. */
const careful = [
  /\r(?!\n)|\ufeff/, // Lines that end in CR alone, marks of byte order.
  /^(?: *%|\.\.\.| +---)/m, // Directives and ends of documents.
  /^ *\t/m, // Tabs that indent.
  /[|>](?:\+|-?\d)/, // Indentation by number, lines kept at the end.
  /\\\r?\n\s*\n/, // A line that goes on behind an empty one.
  /(?:^|[\s,[{:])(?:&[^\s&>]|![^\s=])/m, // Anchors and tags.
]

/** The thread is not given up meanwhile. */
const maxCharacters = 256 * 1024

/**
 * The value of a YAML text, without where its parts stand: it is read many times as fast. Undefined where there may be
 * something to tell of it, and for what is better read with care: aliases, directives, more than one document.
 */
export function readQuickly(text: string): unknown {
  if (text.length > maxCharacters || careful.some((pattern) => pattern.test(text))) return undefined
  try {
    const value = load(text, { schema, maxAliases: 0 })
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
