import type { LogBlock } from './logBlocks'

const escapeByte = 27
const sequence = new RegExp(`${String.fromCharCode(escapeByte)}\\[[0-?]*[ -/]*[@-~]`, 'g')

/** A block of a log as a person sees it. Places in it are bytes behind its start. */
export interface PlainBlock {
  readonly block: LogBlock
  /** Where a place of the original stands here. Asked in any order. */
  readonly fromOriginal: (place: number) => number
  /** Where what stands here stands in the original. To be asked in ascending order. */
  readonly toOriginal: (place: number) => number
}

/** The block without the sequences that set colours or move a cursor; undefined when there are none in it. */
export function toPlainBlock(block: LogBlock): PlainBlock | undefined {
  if (!block.bytes.includes(escapeByte)) return undefined
  /** Where sequences begin, and how many bytes of them were left out up to the end of each. */
  const begins: number[] = []
  const leftOut: number[] = []
  let total = 0
  const text = block.text.replace(sequence, (found: string, at: number) => {
    total += found.length
    begins.push(at)
    leftOut.push(total)
    return ''
  })
  if (total === 0) return undefined
  let next = 0
  return {
    block: { ...block, text, bytes: Buffer.from(text, 'latin1') },
    fromOriginal: (place) => {
      let before = 0
      for (let index = 0; index < begins.length && (begins[index] ?? 0) < place; index++) before = leftOut[index] ?? 0
      return Math.max(0, place - before)
    },
    toOriginal: (place) => {
      while (next < begins.length && (begins[next] ?? 0) - (leftOut[next - 1] ?? 0) <= place) next++
      return place + (leftOut[next - 1] ?? 0)
    },
  }
}
