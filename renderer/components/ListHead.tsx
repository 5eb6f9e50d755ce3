import rowStyles from '../styles/rows.module.css'

/** A word of the head of a list; a class of its cells goes with it. */
export type HeadWord = readonly [word: string, className?: string | undefined]

/**
 * What stands in each column of a list, for the eye: each row of a listbox is told whole. `grid` lays it out as the rows
 * are; `barPx` is the room that their scroll bar takes.
 */
export function ListHead({
  grid,
  barPx,
  words,
}: {
  readonly grid: string | undefined
  readonly barPx: number
  readonly words: readonly HeadWord[]
}) {
  return (
    <div className={rowStyles.headBox} style={{ paddingRight: barPx }} aria-hidden="true">
      <div className={`${rowStyles.head} ${grid}`}>
        {words.map(([word, className], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place
          <span key={index} className={className}>
            {word}
          </span>
        ))}
      </div>
    </div>
  )
}
