/** A piece of a terminal's text that looks the same. Tones are 0 to 7: black, red, green, yellow, blue, magenta, cyan, white. */
export interface AnsiSpan {
  readonly text: string
  readonly tone: number | null
  readonly background: number | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
}

type Look = Omit<AnsiSpan, 'text'>

const plain: Look = { tone: null, background: null, bold: false, dim: false, italic: false, underline: false }
const esc = String.fromCharCode(27)
const bell = String.fromCharCode(7)
/** A sequence that sets the look, any other control sequence, a title and the like, a lone escape, or another control character. */
const controls = new RegExp(
  [
    `${esc}\\[([0-9;:]*)m`,
    `${esc}\\[[0-?]*[ -/]*[@-~]`,
    `${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?`,
    `${esc}.?`,
    '(?!\t)\\p{Cc}',
  ].join('|'),
  'gu',
)

/**
 * A line of a terminal as pieces of the same look (SGR of ECMA-48). Colours of 256 and more are
 * the nearest of the eight, so that every theme can show them; whatever moves a cursor is left out, and of a line that
 * was written over with carriage returns the last writing stays.
 */
export function toAnsiSpans(line: string): readonly AnsiSpan[] {
  const text = lastWriting(line)
  const spans: AnsiSpan[] = []
  let look = plain
  let from = 0
  for (const match of text.matchAll(controls)) {
    if (match.index > from) spans.push({ ...look, text: text.slice(from, match.index) })
    from = match.index + match[0].length
    if (match[1] !== undefined) look = changed(look, match[1])
  }
  if (from < text.length) spans.push({ ...look, text: text.slice(from) })
  return spans
}

function lastWriting(line: string): string {
  if (!line.includes('\r')) return line
  const writings = line.split('\r').filter((writing) => writing !== '')
  return writings.at(-1) ?? ''
}

function changed(look: Look, codes: string): Look {
  const numbers = codes.split(/[;:]/).map(Number)
  let next = look
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0
    if (code === 38 || code === 48) {
      const { tone, used } = extendedTone(numbers.slice(at + 1))
      next = code === 38 ? { ...next, tone } : { ...next, background: tone }
      at += used
    } else next = withCode(next, code)
  }
  return next
}

function withCode(look: Look, code: number): Look {
  if (code === 0) return plain
  if (code === 1) return { ...look, bold: true }
  if (code === 2) return { ...look, dim: true }
  if (code === 3) return { ...look, italic: true }
  if (code === 4) return { ...look, underline: true }
  if (code === 22) return { ...look, bold: false, dim: false }
  if (code === 23) return { ...look, italic: false }
  if (code === 24) return { ...look, underline: false }
  if (code === 39) return { ...look, tone: null }
  if (code === 49) return { ...look, background: null }
  if (code >= 30 && code <= 37) return { ...look, tone: code - 30 }
  if (code >= 90 && code <= 97) return { ...look, tone: code - 90 }
  if (code >= 40 && code <= 47) return { ...look, background: code - 40 }
  if (code >= 100 && code <= 107) return { ...look, background: code - 100 }
  return look
}

/** `5;N` is one of 256 colours, `2;R;G;B` any. `used` numbers belong to it. */
function extendedTone([kind, ...rest]: readonly number[]): { readonly tone: number | null; readonly used: number } {
  if (kind === 2) {
    const [red = 0, green = 0, blue = 0] = rest
    return { tone: nearest(red, green, blue), used: 4 }
  }
  if (kind !== 5) return { tone: null, used: 1 }
  const index = rest[0] ?? 0
  if (index < 16) return { tone: index % 8, used: 2 }
  if (index >= 232) return { tone: index < 244 ? 0 : 7, used: 2 }
  const level = (step: number): number => (Math.floor((index - 16) / step) % 6) * 51
  return { tone: nearest(level(36), level(6), level(1)), used: 2 }
}

function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue)
  if (most < 64) return 0
  const on = (value: number, bit: number): number => (value > most * 0.6 ? bit : 0)
  return on(red, 1) | on(green, 2) | on(blue, 4)
}
