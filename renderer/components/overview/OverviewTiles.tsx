import type { Overview } from '../../../shared/overview'
import { linkTo } from '../../state/overviewLinks'
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
    word: 'Failed, last 24 h',
    explained: 'Failed runs that began within the last 24 hours',
    tone: 'failed',
  },
  {
    kind: 'orphaned',
    word: 'Orphaned',
    explained: 'Runs that say they run, while nothing runs them',
    tone: 'orphaned',
  },
  { kind: 'waiting', word: 'Waiting for you', explained: 'Runs that paused or ask a person', tone: 'waiting' },
  { kind: 'stuck', word: 'Stuck writebacks', explained: 'Writebacks that go no further by themselves', tone: 'failed' },
  { kind: 'undelivered', word: 'Undelivered', explained: 'Writebacks that the server has not got', tone: 'waiting' },
  { kind: 'unsavedRows', word: 'Unsaved rows', explained: 'Rows of runs that the disk refuses', tone: 'unsaved' },
  {
    kind: 'problems',
    word: 'Problems',
    explained: 'Files that are unreadable, damaged or contradictory',
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
    <ul className={styles.tiles} aria-label="What needs a person">
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
