import type { Overview } from '../../../shared/overview'
import { linkTo } from '../../state/overviewLinks'
import { overviewTexts } from '../../texts/en/overview'
import type { StatusWord } from '../../texts/words'
import styles from './Overview.module.css'

type Tile = {
  readonly kind: 'failedLastDay' | 'orphaned' | 'waiting' | 'stuck' | 'undelivered' | 'unsavedRows' | 'problems'
  readonly word: string
  readonly explained: string
  readonly tone: StatusWord['tone']
}

const tiles: readonly Tile[] = [
  {
    kind: 'failedLastDay',
    word: overviewTexts.failedLastH,
    explained: overviewTexts.failedRunsThatBegan,
    tone: 'failed',
  },
  {
    kind: 'orphaned',
    word: overviewTexts.orphaned,
    explained: overviewTexts.runsThatSayThey,
    tone: 'orphaned',
  },
  { kind: 'waiting', word: overviewTexts.waitingForYou, explained: overviewTexts.runsThatPausedOrAsk, tone: 'waiting' },
  {
    kind: 'stuck',
    word: overviewTexts.stuckWritebacks,
    explained: overviewTexts.writebacksThatGoNoFurther,
    tone: 'failed',
  },
  {
    kind: 'undelivered',
    word: overviewTexts.undelivered,
    explained: overviewTexts.writebacksThatTheServer,
    tone: 'waiting',
  },
  {
    kind: 'unsavedRows',
    word: overviewTexts.unsavedRows,
    explained: overviewTexts.rowsOfRunsThatTheDisk,
    tone: 'unsaved',
  },
  {
    kind: 'problems',
    word: overviewTexts.problems,
    explained: overviewTexts.filesThatAreUnreadable,
    tone: 'unsaved',
  },
]

/** What needs a person, as numbers; each leads to its list. Numbers of nothing are quiet. */
export function OverviewTiles({
  counts,
  workspaceId,
}: {
  readonly counts: Overview['counts']
  readonly workspaceId: string | null
}) {
  return (
    <ul className={styles.tiles} aria-label={overviewTexts.whatNeedsAPerson}>
      {tiles.map(({ kind, word, explained, tone }) => (
        <li key={kind}>
          <a className={styles.tile} href={linkTo({ kind }, workspaceId)} title={explained}>
            <span className={`${styles.number} ${counts[kind] === 0 ? styles.zero : styles[tone]}`}>
              {counts[kind].toLocaleString('en')}
            </span>
            <span>{word}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
