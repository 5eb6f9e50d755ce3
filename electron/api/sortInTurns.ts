import { createBreath } from '../files/breath'

const chunkLength = 1024

/** Sorts without holding the thread for long: pieces are sorted, and then merged. Equal items keep their order. Gives a new list. */
export async function sortInTurns<T>(items: readonly T[], compare: (left: T, right: T) => number): Promise<T[]> {
  const breath = createBreath(1)
  let runs: T[][] = []
  for (let from = 0; from < items.length; from += chunkLength) {
    runs.push(items.slice(from, from + chunkLength).sort(compare))
    await breath()
  }
  while (runs.length > 1) {
    const next: T[][] = []
    for (let index = 0; index < runs.length; index += 2) {
      const [left = [], right = []] = [runs[index], runs[index + 1]]
      next.push(right.length === 0 ? left : await mergeInTurns(left, right, compare))
    }
    runs = next
  }
  return runs[0] ?? []
}

/** One ordered list of two, without holding the thread for long; of equal items those of the left stand first. */
export async function mergeInTurns<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (left: T, right: T) => number,
): Promise<T[]> {
  const breath = createBreath()
  const merged: T[] = []
  let [atLeft, atRight] = [0, 0]
  while (atLeft < left.length || atRight < right.length) {
    const pause = breath()
    if (pause) await pause
    const one = left[atLeft]
    const other = right[atRight]
    if (other === undefined || (one !== undefined && compare(one, other) <= 0)) {
      if (one !== undefined) merged.push(one)
      atLeft++
    } else {
      merged.push(other)
      atRight++
    }
  }
  return merged
}
