/** The name most like `wanted`, when it is near enough to be meant: for "did you mean". */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  const text = wanted.slice(0, maxLength).toLowerCase()
  const limit = text.length <= 4 ? 1 : text.length <= 8 ? 2 : 3
  let nearest: string | undefined
  let least = limit + 1
  let looked = 0
  for (const name of names) {
    if (++looked > maxLooked) break
    if (name.length > maxLength || Math.abs(name.length - text.length) > limit) continue
    const changes = changesBetween(text, name.toLowerCase())
    if (changes >= least) continue
    nearest = name
    least = changes
  }
  return nearest
}

const maxLength = 60
const maxLooked = 2_000

/** How many letters must be put in, taken out, replaced or swapped with their neighbour. */
function changesBetween(from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const next = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      next.push(least)
    }
    before = last
    last = next
  }
  return last[to.length] ?? 0
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const name = nearestName(wanted, names)
  return name === undefined ? '' : `. Did you mean ${JSON.stringify(name)}?`
}
