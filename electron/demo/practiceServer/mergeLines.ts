import { diffArrays } from 'diff'

/** A change of one side: these base lines (end exclusive) become `lines`. */
interface Change {
  readonly from: number
  readonly to: number
  readonly lines: readonly string[]
}

/** Base lines that both sides changed, each in its own way. */
export interface LineConflict {
  readonly unit: string
  readonly reason: 'concurrently changed'
  readonly base: string
  readonly mine: string
  readonly theirs: string
}

/** Merges two versions of a text line by line over their common base, or tells where they clash. */
export function mergeLines(
  base: string,
  mine: string,
  theirs: string,
): { readonly kind: 'merged'; readonly text: string } | { readonly kind: 'clash'; readonly conflicts: LineConflict[] } {
  const lines = linesOf(base)
  const others = [...changes(lines, linesOf(theirs))]
  const merged = [...others]
  const conflicts: LineConflict[] = []
  for (const change of changes(lines, linesOf(mine))) {
    const clashing = others.filter((other) => meets(change, other))
    if (clashing.length === 0) merged.push(change)
    else if (!clashing.some((other) => isSame(change, other))) conflicts.push(toConflict(lines, change, clashing))
  }
  if (conflicts.length > 0) return { kind: 'clash', conflicts }
  const text: string[] = []
  let at = 0
  for (const { from, to, lines: next } of merged.sort((left, right) => left.from - right.from || left.to - right.to)) {
    text.push(...lines.slice(at, from), ...next)
    at = to
  }
  return { kind: 'merged', text: [...text, ...lines.slice(at)].join('') }
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function changes(base: string[], other: string[]): readonly Change[] {
  const found: Change[] = []
  let at = 0
  let open: { from: number; to: number; lines: string[] } | undefined
  for (const { added, removed, value } of diffArrays(base, other)) {
    if (!added && !removed) {
      open = undefined
      at += value.length
      continue
    }
    if (!open) {
      open = { from: at, to: at, lines: [] }
      found.push(open)
    }
    if (added) open.lines.push(...value)
    else {
      at += value.length
      open.to = at
    }
  }
  return found
}

function meets(left: Change, right: Change): boolean {
  return left.from === right.from || (left.from < right.to && right.from < left.to)
}

function isSame(left: Change, right: Change): boolean {
  return left.from === right.from && left.to === right.to && left.lines.join('') === right.lines.join('')
}

function toConflict(base: readonly string[], mine: Change, theirs: readonly Change[]): LineConflict {
  const from = Math.min(mine.from, ...theirs.map((change) => change.from))
  const to = Math.max(mine.to, ...theirs.map((change) => change.to))
  return {
    unit: `base lines ${from + 1}-${Math.max(to, from + 1)}`,
    reason: 'concurrently changed',
    base: base.slice(from, to).join(''),
    mine: mine.lines.join(''),
    theirs: theirs.flatMap((change) => change.lines).join(''),
  }
}
