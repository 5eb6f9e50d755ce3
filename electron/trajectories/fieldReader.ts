/** A JSON object of unknown make. */
export type JsonObject = Readonly<Record<string, unknown>>

export interface FieldProblem {
  /** Where: `chapters[2].events[0].ts`. */
  readonly field: string
  readonly message: string
}

/** Reads the fields of one document one by one: a wrong one is a problem with its name and costs nothing but itself. */
export interface FieldReader {
  readonly complain: (key: string | number, message: string) => void
  /** Reads what lies under a key; complaints in it carry the key. */
  readonly under: <T>(key: string | number, read: () => T) => T
  /** A text; `fallback` when it is missing, empty or none. */
  readonly text: (from: JsonObject, key: string, fallback: string) => string
  readonly optionalText: (from: JsonObject, key: string) => string | null
  /** A time in UTC (`…Z`). Another text is kept as it is, with a complaint. */
  readonly time: (from: JsonObject, key: string) => string | null
  readonly optionalTime: (from: JsonObject, key: string) => string | null
  /** A number between 0 and 1; anything else is null. */
  readonly confidence: (from: JsonObject, key: string) => number | null
  /** The texts of a list; what is none is left out. */
  readonly texts: (from: JsonObject, key: string) => string[]
  /** The objects of a list; what is none is left out. `read` gets each with its place in the list. */
  readonly objects: <T>(from: JsonObject, key: string, read: (value: JsonObject) => T) => T[]
  readonly problems: () => readonly FieldProblem[]
  /** How many there are, also those beyond the kept ones. */
  readonly problemCount: () => number
}

const keptProblems = 20
const utcTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/

/** Makes a reader for one document. Problems beyond the twentieth are only counted. */
export function createFieldReader(): FieldReader {
  const path: (string | number)[] = []
  const problems: FieldProblem[] = []
  let count = 0

  const complain = (key: string | number, message: string): void => {
    count++
    if (problems.length < keptProblems) problems.push({ field: toField([...path, key]), message })
  }
  const under = <T>(key: string | number, read: () => T): T => {
    path.push(key)
    const result = read()
    path.pop()
    return result
  }
  const optionalText = (from: JsonObject, key: string): string | null => {
    const value = from[key]
    if (value === undefined || value === null) return null
    if (typeof value === 'string') return value
    complain(key, `is ${nameOf(value)}, not a text`)
    return null
  }
  const time = (from: JsonObject, key: string): string | null => {
    const value = from[key]
    if (typeof value !== 'string') {
      complain(key, value === undefined ? 'is missing' : `is ${nameOf(value)}, not a time`)
      return null
    }
    if (!utcTime.test(value) || Number.isNaN(Date.parse(value)))
      complain(key, `is ${JSON.stringify(value.slice(0, 40))}, not a time that ends in Z`)
    return value
  }
  const list = (from: JsonObject, key: string): readonly unknown[] => {
    const value = from[key]
    if (value === undefined || value === null) return []
    if (Array.isArray(value)) return value
    complain(key, `is ${nameOf(value)}, not a list`)
    return []
  }

  return {
    complain,
    under,
    optionalText,
    time,
    optionalTime: (from, key) => (from[key] === undefined || from[key] === null ? null : time(from, key)),
    text: (from, key, fallback) => {
      const value = from[key]
      if (typeof value === 'string' && value !== '') return value
      complain(key, value === undefined ? 'is missing' : value === '' ? 'is empty' : `is ${nameOf(value)}, not a text`)
      return fallback
    },
    confidence: (from, key) => {
      const value = from[key]
      if (value === undefined || value === null) return null
      if (typeof value === 'number' && value >= 0 && value <= 1) return value
      complain(key, `is ${typeof value === 'number' ? value : nameOf(value)}, not a number from 0 to 1`)
      return null
    },
    texts: (from, key) => {
      const texts: string[] = []
      for (const [index, value] of list(from, key).entries()) {
        if (typeof value === 'string') texts.push(value)
        else under(key, () => complain(index, `is ${nameOf(value)}, not a text`))
      }
      return texts
    },
    objects: (from, key, read) => {
      const values = list(from, key)
      if (values.length === 0) return []
      return under(key, () =>
        values.flatMap((value, index) => {
          if (isObject(value)) return [under(index, () => read(value))]
          complain(index, `is ${nameOf(value)}, not an object`)
          return []
        }),
      )
    },
    problems: () => problems,
    problemCount: () => count,
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'object':
      return 'an object'
    case 'string':
      return 'a text'
    default:
      return `a ${typeof value}`
  }
}

function toField(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}
