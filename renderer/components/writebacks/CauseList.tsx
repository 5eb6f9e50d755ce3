import { type GroupState, groupStates, type WritebackGroup } from '../../../shared/writebacks'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import { ago, fullTime } from '../../texts/times'
import { counted, errorWord } from '../../texts/words'
import { ActivityPlot } from './ActivityPlot'
import { CauseCard } from './CauseCard'
import styles from './CauseList.module.css'

/** The causes, the worst first and the ignored ones last; the chosen one with all that can be said of it. */
export function CauseList({
  groups,
  groupTotal,
  chosenKey,
  shownState,
  onShowState,
  onChoose,
  onSelect,
  onExport,
}: {
  readonly groups: readonly WritebackGroup[]
  /** How many causes there are; those that are not given are told as a number. */
  readonly groupTotal: number
  readonly chosenKey: string | null
  /** Null shows causes in any state. */
  readonly shownState: GroupState | null
  readonly onShowState: (state: GroupState | null) => void
  readonly onChoose: (key: string | null) => void
  /** Chooses all items of the cause. */
  readonly onSelect: (group: WritebackGroup) => void
  readonly onExport: (group: WritebackGroup) => void
}) {
  const nowMs = useNow()
  const ordered = [
    ...groups.filter(({ state }) => state !== 'ignored'),
    ...groups.filter(({ state }) => state === 'ignored'),
  ]
  const chosen = groups.find(({ key }) => key === chosenKey)
  return (
    <section className={styles.causes} aria-label={writebacksTexts.causes}>
      <div className={styles.top}>
        <select
          className={`${controls.field} ${styles.select}`}
          aria-label={writebacksTexts.cause}
          value={chosenKey ?? ''}
          onChange={(event) => onChoose(event.target.value === '' ? null : event.target.value)}
        >
          <option value="">{writebacksTexts.allCauses}</option>
          {ordered.map((group) => (
            <option key={group.key} value={group.key}>
              {group.count.toLocaleString('en')} × {errorWord(group.class)}: {group.title.slice(0, 80)}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={`${styles.cause} ${styles.all}`}
          aria-pressed={chosenKey === null}
          onClick={() => onChoose(null)}
        >
          <strong>{writebacksTexts.allCauses}</strong>
        </button>
        <select
          className={controls.field}
          aria-label={writebacksTexts.causesInTheState}
          value={shownState ?? ''}
          onChange={(event) => onShowState(groupStates.find((state) => state === event.target.value) ?? null)}
        >
          <option value="">{writebacksTexts.anyState}</option>
          {groupStates.map((state) => (
            <option key={state}>{state}</option>
          ))}
        </select>
      </div>
      <div className={styles.list}>
        {ordered.map((group) => (
          <button
            key={group.key}
            type="button"
            className={`${styles.cause} ${group.state === 'open' ? '' : styles.quiet}`}
            aria-pressed={chosenKey === group.key}
            onClick={() => onChoose(group.key)}
          >
            <span className={styles.head}>
              <strong className={controls.ellipsis}>
                {group.count.toLocaleString('en')} × {errorWord(group.class)}
              </strong>
              <ActivityPlot {...group} />
            </span>
            <span className={styles.title}>{group.title}</span>
            <span className={`${controls.secondary} ${controls.ellipsis}`} title={fullTime(group.lastFailedAt)}>
              {group.provider && `${group.provider} · `}
              {stateWords(group)}
              {group.lastFailedAt && writebacksTexts.lastAgo(ago(group.lastFailedAt, nowMs))}
              {group.notes.length > 0 && ` · ${counted(group.notes.length, writebacksTexts.note)}`}
            </span>
          </button>
        ))}
        {groupTotal > groups.length && (
          <p className={`${controls.secondary} ${styles.more}`}>
            {writebacksTexts.andMoreCausesSearch((groupTotal - groups.length).toLocaleString('en'))}
          </p>
        )}
      </div>
      {chosen && (
        <CauseCard
          key={chosen.key}
          group={chosen}
          nowMs={nowMs}
          onSelect={() => onSelect(chosen)}
          onExport={() => onExport(chosen)}
        />
      )}
    </section>
  )
}

function stateWords({ state, undelivered, count }: WritebackGroup): string {
  if (state !== 'open') return state === 'ignored' ? 'ignored' : 'resolved'
  return undelivered === count ? 'undelivered' : `${undelivered.toLocaleString('en')} undelivered`
}
