import type { ErrorClass } from '../writebacks'

/** The class of an HTTP status, as the window names causes. Null status: the words decide. */
export function errorClassOf(status: number | null, message: string | null): ErrorClass | null {
  if (status === null) return message === null ? null : classOfWords(message)
  if (status === 401) return 'auth'
  if (status === 403) return 'permission'
  if (status === 404 || status === 410) return 'gone'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 413) return 'too-large'
  if (status === 429) return 'rate'
  if (status === 400 || status === 422) return 'invalid'
  if (status >= 500 && status <= 599) return 'server'
  return 'other'
}

function classOfWords(message: string): ErrorClass {
  const http = /\bhttp (\d{3})\b/i.exec(message)
  if (http) return errorClassOf(Number(http[1]), message) ?? 'other'
  if (/conflict|revision/i.test(message)) return 'conflict'
  if (/forbidden|permission|denied/i.test(message)) return 'permission'
  if (/schema|validation|invalid/i.test(message)) return 'invalid'
  if (/not found/i.test(message)) return 'gone'
  if (/refused|reset|timed? ?out|EOF|network|unreachable|no such host|dial /i.test(message)) return 'network'
  return 'provider'
}

const longest = 300
/** What is replaced, and signs without one of which it need not be looked for. */
const replacements: readonly (readonly [pattern: RegExp, by: string, signs: readonly string[]])[] = [
  [/\bhttps?:\/\/[^\s"'<>)\]]+/gi, '<address>', ['://']],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<e-mail>', ['@']],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>', ['-']],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/g, '<time>', ['-']],
  [/\b(?:corr|mount|mountcmd|op|rev|evt|ws|req)_[\w-]+/g, '<id>', ['_']],
  [/"[^"]*"|`[^`]*`|(?<![\w])'[^']*'(?!\w)/g, '<text>', ['"', '`', "'"]],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi, '<id>', []],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?/g, '<address>', ['.']],
  [/(?<![\w<])(?:\/[\w.@~%-]+){2,}/g, '<path>', ['/']],
  [/\b[A-Z][A-Z0-9]+-\d+\b/g, '<id>', ['-']],
  [/\d+(?:[.,]\d+)*/g, '<n>', []],
]

/**
 * The message with what differs from item to item taken out, so that the same cause has the same words: addresses, e-mails,
 * ids, times, quoted texts, paths, numbers. HTTP statuses and what comes behind the first 300 characters tell nothing either.
 */
export function normaliseMessage(message: string): string {
  let text = message.slice(0, 4 * longest)
  for (const [pattern, by, signs] of replacements)
    if (signs.length === 0 || signs.some((sign) => text.includes(sign))) text = text.replace(pattern, by)
  if (/\s\s|[^\S ]/.test(text)) text = text.replace(/\s+/g, ' ')
  return text.trim().slice(0, longest)
}
