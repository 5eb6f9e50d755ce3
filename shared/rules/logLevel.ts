/** From which level on lines are shown. */
export const logLevels = ['all', 'info', 'warning', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** So many characters of a line are looked at. */
export const levelCharacters = 160

const escapeCharacter = String.fromCharCode(27)
const colours = new RegExp(`${escapeCharacter}\\[[\\d;:]*[A-Za-z]`, 'g')
const words =
  /\b(?:(debug|trace|verbose)|(info|notice)|(warn(?:ing)?s?)|([a-z]*(?:error|exception)|errors?|err|fatal|panic|critical|crit|severe|traceback|fail(?:ed|ure)?))\b/i

/**
 * The place of a line's level among `logLevels` (0 for what is less than information), by the first word that names one;
 * null when none does. `head` is the beginning of the line.
 */
export function levelOf(head: string): number | null {
  const found = words.exec(head.includes(escapeCharacter) ? head.replace(colours, '') : head)
  if (!found) return null
  const [, debug, info, warning] = found
  return debug !== undefined ? 0 : info !== undefined ? 1 : warning !== undefined ? 2 : 3
}

/** Does a line without a level of its own belong to the one before it, as the frames of a stack do? */
export function isContinued(head: string): boolean {
  return head.startsWith(' ') || head.startsWith('\t')
}
