import { scrubTokens } from './scrubTokens'

/** What of this machine must not leave it. */
export interface PrivateFacts {
  /** The home folder, however it is written. */
  readonly homes: readonly string[]
  /** The names of the user and of the machine. */
  readonly names: readonly string[]
  /** Values that are secret wherever they stand, such as those of `GITHUB_TOKEN` in the environment. */
  readonly secrets: readonly string[]
}

/** Takes out of texts, and of documents with all they hold, what must not be told. */
export interface Redactor {
  readonly text: (text: string) => string
  /** The same document; what stands under the name of a secret goes whatever it is. Values that JSON has none for become text. */
  readonly document: (value: unknown) => unknown
}

const marks = /(‹(?:token|secret|credentials|home|name|text)›)/
const secretWord = 'token|secret|key|password|passwd|passphrase|credential'
const secretName = new RegExp(secretWord, 'i')

type Rule = readonly [shape: RegExp, replacement: string]

/**
 * In this order: what holds another one comes first. Each looks at a letter only so often, however a text is made up: none
 * begins with letters that may be repeated at will, and what may be is bounded where it need not end in a match.
 */
const shapes: readonly Rule[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '‹secret›'],
  [/((?:authorization|cookie)\\?["']?\s{0,20}[:=]\s{0,20})(?:"[^"\r\n]*"?|'[^'\r\n]*'?|[^\r\n]+)/gi, '$1‹secret›'],
  [/:\/\/[^\s/?#"'<>]+@/g, '://‹credentials›@'],
  [/\b(bearer|basic)\s{1,20}[\w.~+/=-]{6,}/gi, '$1 ‹token›'],
  [
    /gh[pousr]_\w{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|(?<![A-Za-z])sk-[\w-]{12,}|[srp]k_(?:live|test)_\w{8,}|(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[\w-]{20,}|ya29\.[\w.-]{8,}|npm_\w{20,}|ntn_\w{12,}|lin_(?:api|oauth)_\w{8,}|hf_\w{16,}|SG\.[\w-]{8,}\.[\w-]{8,}/g,
    '‹token›',
  ],
  [
    new RegExp(
      `((?:${secretWord})[\\w.-]{0,60}\\\\?["']?\\s{0,20}[:=]\\s{0,20})(?:\\\\?"(?:[^"\\\\\\r\\n]|\\\\[^"])*\\\\?"?|'[^'\\r\\n]*'?|[^\\s"'&,;(){}\\[\\]]+)`,
      'gi',
    ),
    '$1‹secret›',
  ],
]

/**
 * Makes what takes tokens, headers with credentials, addresses with passwords, values of secret names, the home folder's
 * path and the user's name out of a text. It rather takes out too much: a name of four letters and more goes inside of
 * other words, too.
 */
export function createRedactor({ homes, names, secrets }: PrivateFacts): Redactor {
  const secretRules = [
    ...longestFirst(secrets.flatMap(spellingsOf)).map((secret): Rule => [new RegExp(escaped(secret), 'g'), '‹secret›']),
    ...shapes,
  ]
  const nameRules = [
    ...longestFirst(homes.flatMap(spellingsOf)).map(
      (home): Rule => [new RegExp(`${escaped(home)}(?![A-Za-z0-9_])`, 'gi'), '‹home›'],
    ),
    ...longestFirst(names).map(
      (name): Rule => [
        new RegExp(name.length < 4 ? `(?<![A-Za-z0-9])${escaped(name)}(?![A-Za-z0-9])` : escaped(name), 'gi'),
        '‹name›',
      ],
    ),
  ]
  const text = (given: string): string => {
    const withoutSecrets = secretRules.reduce((rest, rule) => rest.replace(...rule), scrubTokens(given))
    return nameRules.reduce(betweenMarks, withoutSecrets)
  }
  const document = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(document)
    if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        text(name),
        secretName.test(name) && (typeof part === 'string' || typeof part === 'number') ? '‹secret›' : document(part),
      ]),
    )
  }
  return { text, document }
}

/** The text with what stands in double quotes taken out: messages of unexpected errors quote what they stumbled over. */
export function hideQuoted(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"(?:\.{3})?/g, '"‹text›"')
}

/** Applies a rule to all of a text but the marks that stand for what was taken out: a user may be called Token. */
function betweenMarks(text: string, rule: Rule): string {
  const parts = text.split(marks)
  return parts.map((part, place) => (place % 2 === 1 ? part : part.replace(...rule))).join('')
}

/** A value as it stands, in JSON, in an address, and with the separators of the other systems. */
function spellingsOf(value: string): readonly string[] {
  const slashed = value.replaceAll('\\', '/')
  const inJson = JSON.stringify(value).slice(1, -1)
  const encoded = [encodeURI(slashed), encodeURIComponent(value), encodeURIComponent(slashed)]
  return [value, slashed, inJson, ...encoded]
}

function longestFirst(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== ''))].sort((left, right) => right.length - left.length)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
