import { type CommandWords, codePosition, endWord, newCommand, readsCode } from './commandWords'

/** Where in a shell command a template stands. */
export type QuoteContext = 'unquoted' | 'double' | 'single' | 'heredoc' | 'literal-heredoc' | 'comment'

export interface TemplatePlace {
  readonly context: QuoteContext
  /** Set where no text can be put safely: why. */
  readonly unsafe: string | null
  /** The word that ends the here-document around it. */
  readonly delimiter?: string
}

/** What counts as a template; other text in double braces, as of Go templates, is left alone. */
const templateSource = String.raw`\{\{\s*(\w[\w.-]*)\s*\}\}`
const template = new RegExp(templateSource, 'y')

type Replace = (name: string, place: TemplatePlace) => string
type Frame = 'top' | 'heredoc' | 'paren' | 'double' | 'brace' | 'arithmetic' | 'backtick'

interface Heredoc {
  readonly delimiter: string
  readonly quoted: boolean
  readonly stripTabs: boolean
  /** Where the delimiter word stands in `out`, to be unquoted when the body must expand. */
  readonly wordAt: number
  readonly command: CommandWords
}

/**
 * Rewrites every `{{…}}` of a POSIX shell command, telling the callback the quoting around it. A here-document with a
 * quoted delimiter is made an expanding one, its own text escaped, when `expandLiteral` is set and a template stands in
 * it: so that a reference to a variable works there too. The callback's text is put in as it is.
 */
export function replaceTemplates(
  command: string,
  replace: Replace,
  { expandLiteral = false }: { readonly expandLiteral?: boolean } = {},
): string {
  return command.includes('{{') ? scan(command, replace, { expandLiteral, within: 'top' }) : command
}

/** Replaces every template of a text that no shell parses. */
export function replaceInText(text: string, replace: (name: string, whole: string) => string): string {
  return text.replace(new RegExp(templateSource, 'g'), (whole, name: string) => replace(name, whole))
}

function scan(
  command: string,
  replace: Replace,
  { expandLiteral, within }: { readonly expandLiteral: boolean; readonly within: 'top' | 'heredoc' },
): string {
  const out: string[] = []
  const stack: Frame[] = [within]
  const commands: CommandWords[] = [newCommand()] // one per open command list: the outermost, each `(` and each `$(`
  let heredocs: Heredoc[] = []
  let wordStart = true
  let index = 0
  /** Set where this reading may differ from the shell's: from there on nothing is safe. */
  let unsure: string | null = null
  const top = (): Frame => stack.at(-1) ?? within
  const isQuoted = (): boolean => top() === 'double' || top() === 'heredoc'
  const isList = (): boolean => top() === 'top' || top() === 'paren'
  const words = (): CommandWords => commands.at(-1) ?? newCommand()
  const emit = (text: string): void => {
    out.push(text)
    if (top() !== 'heredoc') words().word += text
  }
  const copy = (count: number): void => {
    emit(command.slice(index, index + count))
    index += count
  }
  const copyPlain = (count: number): void => {
    out.push(command.slice(index, index + count))
    index += count
  }
  const open = (frame: Frame, count: number): void => {
    copy(count)
    stack.push(frame)
    if (frame === 'paren') commands.push(newCommand())
  }
  const close = (count: number): void => {
    if (stack.pop() === 'paren') commands.pop()
    copy(count)
  }
  const endCommand = (): void => {
    endWord(words())
    commands[commands.length - 1] = newCommand()
  }
  const unsafeHere = (): string | null => {
    if (unsure) return unsure
    if (stack.includes('backtick')) return 'it stands inside backticks: write $(…) instead'
    if (stack.includes('arithmetic'))
      return 'it stands inside $((…)), where the shell evaluates content: put it into a variable first'
    if (stack.includes('brace')) return 'it stands inside ${…}: put it into a variable first'
    const positions = commands.map(codePosition)
    if (positions.includes('evaluated'))
      return 'it stands behind eval or a command like it (trap, ssh, su, watch), which parses content as shell code'
    if (positions.includes('script')) return 'it stands in the code of an inner shell: put that code into single quotes'
    return null
  }
  const takeTemplate = (context: QuoteContext): boolean => {
    template.lastIndex = index
    const match = template.exec(command)
    if (!match) return false
    emit(replace(match[1] ?? '', { context, unsafe: context === 'comment' ? null : unsafeHere() }))
    index += match[0].length
    wordStart = false
    return true
  }
  const quotedContext = (): QuoteContext => (top() === 'heredoc' ? 'heredoc' : 'double')

  while (index < command.length) {
    const char = command[index] ?? ''
    const next = command[index + 1] ?? ''
    if (char === '{' && next === '{' && takeTemplate(isQuoted() ? quotedContext() : 'unquoted')) continue
    if (char === '\\') {
      if (next === '\n') copyPlain(2)
      else {
        copy(2)
        wordStart = false
      }
    } else if (char === '$' && command.startsWith('$((', index)) {
      open('arithmetic', 3)
    } else if (char === '$' && next === '(') {
      open('paren', 2)
      wordStart = true
    } else if (char === '$' && next === '{' && command[index + 2] !== '{') {
      open('brace', 2)
    } else if (char === '`') {
      if (top() === 'backtick') close(1)
      else open('backtick', 1)
    } else if (char === '"' && top() !== 'heredoc') {
      if (top() === 'double') close(1)
      else open('double', 1)
      wordStart = false
    } else if (isQuoted()) {
      copy(1)
    } else if (char === "'") {
      takeSingleQuoted()
    } else if (top() === 'brace') {
      if (char === '}') close(1)
      else copy(1)
    } else if (top() === 'arithmetic') {
      if (command.startsWith('))', index)) close(2)
      else copy(1)
    } else if (char === ')' && top() === 'paren') {
      close(1)
      wordStart = false
    } else if (char === '(') {
      endCommand()
      open('paren', 1)
      wordStart = true
    } else if (char === '#' && wordStart) {
      takeComment()
    } else if (char === '<' && next === '<' && command[index + 2] !== '<') {
      takeHeredocStart()
    } else if (char === '\n') {
      copyPlain(1)
      if (isList()) endCommand()
      wordStart = true
      takeHeredocBodies()
    } else {
      takeUnquoted(char)
    }
  }
  return out.join('')

  function takeUnquoted(char: string): void {
    // Where a `)` of a pattern closes nothing only a whole shell parser can tell what the quotes after it enclose.
    if (wordStart && stack.includes('paren') && stack.some((frame) => frame === 'double' || frame === 'heredoc')) {
      if (/^case\s+\S[^\n]*?\sin\s/.test(command.slice(index, index + 4096)))
        unsure = 'it stands behind a case inside "$(…)": put the case outside of the quotes'
    }
    wordStart = /[\s;&|()<>]/.test(char)
    if (!isList() || !wordStart) {
      copy(1)
      return
    }
    copyPlain(1)
    if (/[;&|]/.test(char) && !/[<>]&?$/.test(out.slice(-2).join('').slice(0, -1))) endCommand()
    else if (/[<>]/.test(char)) {
      if (/^\d*$/.test(words().word)) words().word = ''
      endWord(words())
      words().redirected = true
    } else if (/\s/.test(char)) endWord(words())
  }

  function takeSingleQuoted(): void {
    const end = command.indexOf("'", index + 1)
    const inner = command.slice(index + 1, end === -1 ? command.length : end)
    const ansi = out.at(-1)?.endsWith('$') ?? false
    if (ansi && inner.endsWith('\\')) unsure = "it stands behind $'…\\'…', which not every sh reads alike"
    const isScript = words().word === '' && codePosition(words()) === 'script' && commands.length === 1
    const unsafe = ansi ? "it stands inside $'…', which not every sh knows" : isScript ? unsure : unsafeHere()
    const body = isScript
      ? replaceTemplates(
          inner,
          (name, place) => singleQuotable(replace(name, { ...place, unsafe: place.unsafe ?? unsafe })),
          { expandLiteral },
        )
      : replaceInText(inner, (name) => replace(name, { context: 'single', unsafe }))
    emit(`'${body}${end === -1 ? '' : "'"}`)
    index = end === -1 ? command.length : end + 1
    wordStart = false
  }

  function takeComment(): void {
    while (index < command.length && command[index] !== '\n') {
      if (command.startsWith('{{', index) && takeTemplate('comment')) continue
      copyPlain(1)
    }
    words().word = ''
  }

  function takeHeredocStart(): void {
    const match = /^<<(-?)([ \t]*)((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s;&|<>()'"\\])+)/.exec(command.slice(index))
    if (!match) {
      copy(2)
      return
    }
    const word = match[3] ?? ''
    if (/^\d*$/.test(words().word)) words().word = ''
    endWord(words())
    out.push(`<<${match[1]}${match[2]}`)
    out.push(word)
    const delimiter = word.replace(/\\(.)|['"]/g, '$1')
    heredocs.push({
      delimiter,
      quoted: delimiter !== word,
      stripTabs: match[1] === '-',
      wordAt: out.length - 1,
      command: words(),
    })
    index += match[0].length
    wordStart = false
  }

  function takeHeredocBodies(): void {
    const waiting = heredocs
    heredocs = []
    for (const heredoc of waiting) {
      const start = index
      let end = start
      let ended = false
      while (!ended) {
        const newline = command.indexOf('\n', end)
        const lineEnd = newline === -1 ? command.length : newline
        const line = command.slice(end, lineEnd)
        ended = (heredoc.stripTabs ? line.replace(/^\t+/, '') : line) === heredoc.delimiter
        if (ended || newline === -1) break
        end = lineEnd + 1
      }
      if (!ended) end = command.length
      const missing = `it stands behind <<${heredoc.delimiter}, which no line ends`
      if (!ended) unsure = missing
      out.push(heredocBody(command.slice(start, end), heredoc))
      index = end
    }
  }

  function heredocBody(body: string, heredoc: Heredoc): string {
    if (!body.includes('{{')) return body
    const isCode = readsCode(heredoc.command)
    const unsafe = isCode
      ? 'it stands in code that an inner shell reads: read the value from its variable'
      : unsafeHere()
    const replaceHere: Replace = (name, place) =>
      replace(name, { ...place, unsafe: unsafe ?? place.unsafe, delimiter: heredoc.delimiter })
    if (!heredoc.quoted) return scan(body, replaceHere, { expandLiteral, within: 'heredoc' })
    if (!expandLiteral) return replaceInText(body, (name) => replaceHere(name, { context: 'literal-heredoc', unsafe }))
    const parts = body.split(new RegExp(templateSource))
    if (parts.length === 1) return body
    out[heredoc.wordAt] = heredoc.delimiter
    return parts
      .map((part, place) =>
        place % 2 === 0 ? part.replace(/[\\$`]/g, '\\$&') : replaceHere(part, { context: 'literal-heredoc', unsafe }),
      )
      .join('')
  }
}

/** A text as it stands between single quotes of a shell. */
export function singleQuotable(text: string): string {
  return text.replaceAll("'", `'\\''`)
}
