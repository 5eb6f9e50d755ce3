/** A part of an error: lines of text, or the frames of a stack. */
export interface ErrorPart {
  readonly kind: 'text' | 'frames'
  readonly lines: readonly string[]
}

/** Fewer frames in a row are shown as they are. */
const leastFrames = 3

const frame = new RegExp(
  [
    String.raw`^\s+at\s\S`, // JavaScript, Java, C#
    String.raw`^\s+File ".*", line \d+`, // Python
    String.raw`^\s+from\s\S+:\d+`, // Ruby
    String.raw`^\s+\S+\.go:\d+`, // Go
    String.raw`^\s+\d+:\s+(0x[\da-f]+\s+-\s+)?\S`, // Rust
    String.raw`^#\d+\s`, // PHP, gdb
  ].join('|'),
  'i',
)
const pythonFrame = /^\s+File ".*", line \d+/

/** Takes an error apart, so that the frames of its stack can be folded. Together the parts are the whole text. */
export function foldStack(text: string): readonly ErrorPart[] {
  const parts: { kind: ErrorPart['kind']; lines: string[] }[] = []
  let previous = ''
  for (const line of text.split('\n')) {
    // Python tells the line of the source below each frame.
    const isFrame = frame.test(line) || (pythonFrame.test(previous) && /^\s{4,}\S/.test(line))
    const kind = isFrame ? 'frames' : 'text'
    const last = parts.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else parts.push({ kind, lines: [line] })
    previous = line
  }
  const folded: typeof parts = []
  for (const { kind, lines } of parts) {
    const shown = lines.length < leastFrames ? 'text' : kind
    const last = folded.at(-1)
    if (last?.kind === 'text' && shown === 'text') last.lines.push(...lines)
    else folded.push({ kind: shown, lines })
  }
  return folded
}
