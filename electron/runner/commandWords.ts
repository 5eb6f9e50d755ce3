/** The words of one simple command as far as they were read; quotes and templates are in them as they were written. */
export interface CommandWords {
  readonly words: string[]
  /** The same without quotes and folders. */
  readonly names: string[]
  /** Where the command's own name stands, behind words like `time`, and where a shell is started; -1: nowhere yet. Kept
   * while reading, because long commands are asked about at each template. */
  ownName: number
  shell: number
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
  return { words: [], names: [], ownName: -1, shell: -1, word: '', redirected: false }
}

/** Ends the word that is being read, if there is one. */
export function endWord(command: CommandWords): void {
  if (command.word === '') return
  if (command.redirected) command.redirected = false
  else takeWord(command, command.word)
  command.word = ''
}

function takeWord(command: CommandWords, word: string): void {
  const { words, names } = command
  const name = plainName(word)
  const index = words.length
  if (command.ownName === -1 && !prefixes.test(word)) command.ownName = index
  if (command.shell === -1) {
    if (/^"?\$/.test(words[index - 1] ?? '') && /^-\w*c\w*$/.test(word)) command.shell = index - 1
    else if (shells.test(name)) command.shell = index
  }
  words.push(word)
  names.push(name)
}

/** Will the word that is being read, or begins here, be parsed as code once more? `-c` text of an inner shell is `script`. */
export function codePosition(command: CommandWords): 'script' | 'evaluated' | null {
  if (command.redirected) return null
  if (evaluators.test(command.names[command.ownName] ?? '')) return 'evaluated'
  const operands = shellOperands(command)
  return operands?.takesScript && !operands.hasOperand ? 'script' : null
}

/** Does the command read code from its standard input: a shell with neither `-c` nor a script file, or an evaluator? */
export function readsCode(command: CommandWords): boolean {
  const whole = { ...command, words: [...command.words], names: [...command.names] }
  endWord(whole)
  if (evaluators.test(whole.names[whole.ownName] ?? '')) return true
  const operands = shellOperands(whole)
  return operands !== null && !operands.takesScript && (!operands.hasOperand || operands.readsInput)
}

function shellOperands({
  words,
  names,
  shell,
}: CommandWords): { readonly takesScript: boolean; readonly readsInput: boolean; readonly hasOperand: boolean } | null {
  if (shell === -1) return null
  let takesScript = false
  let readsInput = false
  for (let index = shell + 1; index < words.length; index++) {
    const word = names[index] ?? ''
    if (!/^[-+]./.test(word)) {
      if (shells.test(word)) continue // busybox sh
      return { takesScript, readsInput, hasOperand: true }
    }
    if (/^-\w*c\w*$/.test(word)) takesScript = true
    if (/^-\w*s\w*$/.test(word)) readsInput = true
    if (optionsWithValue.test(word)) index++
  }
  return { takesScript, readsInput, hasOperand: false }
}

/** The word without its quotes and without the folder of a program. */
function plainName(word: string): string {
  const bare = word.replace(/\\\n/g, '').replace(/['"\\]/g, '')
  return bare.slice(bare.lastIndexOf('/') + 1)
}
