import { jsonLanguage } from '@codemirror/lang-json'

/** What is wrong with a text that should be JSON, and where; line and column from 1. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** The first thing that keeps a text from being JSON; null when it is JSON. */
export function checkJson(text: string): JsonFault | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const told = /at position (\d+)/.exec(message)?.[1]
    const at = told === undefined ? firstError(text) : Number(told)
    const before = text.slice(0, at).split('\n')
    return {
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      message: message.replace(/ in JSON at position.*$/s, '').replace(/, (?:\.{3})?"[\s\S]* is not valid JSON$/, ''),
    }
  }
}

/** Where the text stops to make sense to a parser that goes on after mistakes; its end when nothing else is wrong. */
function firstError(text: string): number {
  let found: number | null = null
  jsonLanguage.parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError && found === null) found = node.from
    },
  })
  return found ?? text.length
}
