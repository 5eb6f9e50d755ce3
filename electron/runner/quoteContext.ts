/** Where in a shell command a template stands. */
export type QuoteContext = 'unquoted' | 'double' | 'single' | 'heredoc' | 'literal-heredoc' | 'comment'

export interface TemplatePlace {
  readonly context: QuoteContext
  /** Set where no text can be put safely: why. */
  readonly unsafe: string | null
  /** The word that ends the here-document around it. */
  readonly delimiter?: string
}

const template = /\{\{\s*([^{}]*?)\s*\}\}/y

interface Heredoc {
  readonly delimiter: string
  readonly quoted: boolean
  readonly stripTabs: boolean
  /** Where the delimiter word stands in `out`, to be unquoted when the body must expand. */
  readonly wordAt: number
}

/**
 * Rewrites every `{{…}}` of a POSIX shell command, telling the callback the quoting around it. A here-document with a
 * quoted delimiter is made an expanding one, its own text escaped, when `expandLiteral` is set and a template stands in
 * it: so that a reference to a variable works there too. The callback's text is put in as it is.
 */
export function replaceTemplates(
  command: string,
  replace: (name: string, place: TemplatePlace) => string,
  { expandLiteral = false }: { readonly expandLiteral?: boolean } = {},
): string {
  const out: string[] = []
  const stack: ('top' | 'paren' | 'double' | 'brace' | 'arithmetic' | 'backtick')[] = ['top']
  let heredocs: Heredoc[] = []
  let wordStart = true
  let index = 0
  const top = (): string => stack.at(-1) ?? 'top'
  const unsafeHere = (): string | null => {
    if (stack.includes('backtick')) return 'it stands inside backticks: write $(…) instead'
    if (stack.includes('arithmetic'))
      return 'it stands inside $((…)), where the shell evaluates content: put it into a variable first'
    if (stack.includes('brace')) return 'it stands inside ${…}: put it into a variable first'
    if (/\beval\s[^;&|\n]*$/.test(out.join(''))) return 'it stands behind eval, which parses content as shell code'
    return null
  }
  const takeTemplate = (context: QuoteContext, unsafe: string | null): boolean => {
    template.lastIndex = index
    const match = template.exec(command)
    if (!match) return false
    out.push(replace(match[1] ?? '', { context, unsafe }))
    index += match[0].length
    wordStart = false
    return true
  }
  const copy = (count: number): void => {
    out.push(command.slice(index, index + count))
    index += count
  }

  while (index < command.length) {
    const char = command[index] ?? ''
    const next = command[index + 1] ?? ''
    const inDouble = top() === 'double'
    if (
      char === '{' &&
      next === '{' &&
      takeTemplate(inDouble ? 'double' : 'unquoted', unsafeHere() ?? (inDouble ? shellArgument(out) : null))
    )
      continue
    if (char === '\\') {
      copy(2)
      wordStart = false
    } else if (char === '$' && command.startsWith('$((', index)) {
      stack.push('arithmetic')
      copy(3)
    } else if (char === '$' && next === '(') {
      stack.push('paren')
      copy(2)
      wordStart = true
    } else if (char === '$' && next === '{' && command[index + 2] !== '{') {
      stack.push('brace')
      copy(2)
    } else if (char === '`') {
      if (top() === 'backtick') stack.pop()
      else stack.push('backtick')
      copy(1)
    } else if (char === '"') {
      if (inDouble) stack.pop()
      else stack.push('double')
      copy(1)
      wordStart = false
    } else if (inDouble) {
      copy(1)
    } else if (char === "'") {
      takeSingleQuoted()
    } else if (top() === 'brace') {
      if (char === '}') stack.pop()
      copy(1)
    } else if (top() === 'arithmetic') {
      if (command.startsWith('))', index)) {
        stack.pop()
        copy(2)
      } else copy(1)
    } else if (char === ')' && top() === 'paren') {
      stack.pop()
      copy(1)
      wordStart = false
    } else if (char === '(') {
      stack.push('paren')
      copy(1)
      wordStart = true
    } else if (char === '#' && wordStart) {
      takeComment()
    } else if (char === '<' && next === '<' && command[index + 2] !== '<') {
      takeHeredocStart()
    } else if (char === '\n') {
      copy(1)
      wordStart = true
      takeHeredocBodies()
    } else {
      wordStart = /[\s;&|()<>]/.test(char)
      copy(1)
    }
  }
  return out.join('')

  function takeSingleQuoted(): void {
    const end = command.indexOf("'", index + 1)
    const inner = command.slice(index + 1, end === -1 ? command.length : end)
    const ansi = out.at(-1)?.endsWith('$') ?? false
    const script = shellArgument(out) !== null
    const unsafe = ansi ? "it stands inside $'…', which not every sh knows" : unsafeHere()
    const body = script
      ? replaceTemplates(
          inner,
          (name, place) => singleQuotable(replace(name, { ...place, unsafe: place.unsafe ?? unsafe })),
          { expandLiteral },
        )
      : inner.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_whole, name: string) =>
          replace(name, { context: 'single', unsafe }),
        )
    out.push(`'${body}${end === -1 ? '' : "'"}`)
    index = end === -1 ? command.length : end + 1
    wordStart = false
  }

  function takeComment(): void {
    while (index < command.length && command[index] !== '\n') {
      if (command.startsWith('{{', index) && takeTemplate('comment', null)) continue
      copy(1)
    }
  }

  function takeHeredocStart(): void {
    const match = /^<<(-?)([ \t]*)((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s;&|<>()'"\\])+)/.exec(command.slice(index))
    if (!match) {
      copy(2)
      return
    }
    const word = match[3] ?? ''
    out.push(`<<${match[1]}${match[2]}`)
    out.push(word)
    const delimiter = word.replace(/\\(.)|['"]/g, '$1')
    heredocs.push({ delimiter, quoted: delimiter !== word, stripTabs: match[1] === '-', wordAt: out.length - 1 })
    index += match[0].length
    wordStart = false
  }

  function takeHeredocBodies(): void {
    const waiting = heredocs
    heredocs = []
    for (const heredoc of waiting) {
      const start = index
      let end = start
      for (;;) {
        const newline = command.indexOf('\n', end)
        const lineEnd = newline === -1 ? command.length : newline
        const line = command.slice(end, lineEnd)
        if ((heredoc.stripTabs ? line.replace(/^\t+/, '') : line) === heredoc.delimiter || newline === -1) break
        end = lineEnd + 1
      }
      out.push(heredocBody(command.slice(start, end), heredoc))
      index = end
    }
  }

  function heredocBody(body: string, heredoc: Heredoc): string {
    if (!body.includes('{{')) return body
    const expand = heredoc.quoted && expandLiteral
    if (expand) out[heredoc.wordAt] = heredoc.delimiter
    const context = heredoc.quoted ? 'literal-heredoc' : 'heredoc'
    return body
      .split(/(\{\{\s*[^{}]*?\s*\}\})/)
      .map((part, place) => {
        if (place % 2 === 0) return expand ? part.replace(/[\\$`]/g, '\\$&') : part
        return replace(part.slice(2, -2).trim(), { context, unsafe: unsafeHere(), delimiter: heredoc.delimiter })
      })
      .join('')
  }
}

/** Text that the shell itself hands to another shell as code: `sh -c '…'`. Double quotes there mix two levels of parsing. */
function shellArgument(out: readonly string[]): string | null {
  const before = out.join('').replace(/"[^"]*$/, '')
  return /\b(?:sh|bash|dash|ash|ksh|zsh)(?:\s+-\w+)*\s+-\w*c\s*$/.test(before)
    ? 'it stands in the code of an inner shell in double quotes: use single quotes there'
    : null
}

function singleQuotable(text: string): string {
  return text.replaceAll("'", `'\\''`)
}
