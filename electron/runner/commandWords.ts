/** The words of one simple command as far as they were read; quotes and templates are in them as they were written. */
export interface CommandWords {
  readonly words: string[]
  word: string
  /** The next word names the file of a redirection, it is no argument. */
  redirected: boolean
}

const shells = /^(?:sh|bash|dash|ash|ksh|mksh|zsh|busybox)$/
/** Commands that parse their arguments as code, or hand them to somebody who does. */
const evaluators = /^(?:eval|trap|ssh|su|runuser|watch)$/
const prefixes = /^(?:if|then|elif|else|while|until|do|!|\{|time|command|builtin|exec|env|sudo|nohup|setsid)$|^\w+=/
const optionsWithValue = /^(?:[-+]\w*[oO]|--rcfile|--init-file)$/

export function newCommand(): CommandWords {
  return { words: [], word: '', redirected: false }
}

/** Ends the word that is being read, if there is one. */
export function endWord(command: CommandWords): void {
  if (command.word === '') return
  if (command.redirected) command.redirected = false
  else command.words.push(command.word)
  command.word = ''
}

/** Will the word that is being read, or begins here, be parsed as code once more? `-c` text of an inner shell is `script`. */
export function codePosition(command: CommandWords): 'script' | 'evaluated' | null {
  if (command.redirected) return null
  const names = command.words.map(plainName)
  const first = names.findIndex((_name, index) => !prefixes.test(command.words[index] ?? ''))
  if (first !== -1 && evaluators.test(names[first] ?? '')) return 'evaluated'
  const operands = shellOperands(command.words, names)
  return operands?.takesScript && operands.count === 0 ? 'script' : null
}

/** Does the command read code from its standard input: a shell with neither `-c` nor a script file, or an evaluator? */
export function readsCode(command: CommandWords): boolean {
  const words = command.word === '' || command.redirected ? command.words : [...command.words, command.word]
  const names = words.map(plainName)
  const first = names.findIndex((_name, index) => !prefixes.test(words[index] ?? ''))
  if (first !== -1 && evaluators.test(names[first] ?? '')) return true
  const operands = shellOperands(words, names)
  return operands !== null && !operands.takesScript && (operands.count === 0 || operands.readsInput)
}

function shellOperands(
  words: readonly string[],
  names: readonly string[],
): { readonly takesScript: boolean; readonly readsInput: boolean; readonly count: number } | null {
  const shell = names.findIndex(
    (name, index) =>
      shells.test(name) || (/^"?\$/.test(words[index] ?? '') && /^-\w*c\w*$/.test(words[index + 1] ?? '')),
  )
  if (shell === -1) return null
  let takesScript = false
  let readsInput = false
  let count = 0
  for (let index = shell + 1; index < words.length; index++) {
    const word = names[index] ?? ''
    if (count > 0 || !/^[-+]./.test(word)) {
      if (count > 0 || !shells.test(word)) count++
      continue
    }
    if (/^-\w*c\w*$/.test(word)) takesScript = true
    if (/^-\w*s\w*$/.test(word)) readsInput = true
    if (optionsWithValue.test(word)) index++
  }
  return { takesScript, readsInput, count }
}

/** The word without its quotes and without the folder of a program. */
function plainName(word: string): string {
  const bare = word.replace(/\\\n/g, '').replace(/['"\\]/g, '')
  return bare.slice(bare.lastIndexOf('/') + 1)
}
