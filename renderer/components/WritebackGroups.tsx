import type { WritebackGroup } from '../../shared/writebacks'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { ago, fullTime } from '../texts/times'
import styles from './WritebackGroups.module.css'

/** The causes, each with how many and since when. */
export function WritebackGroups({
  groups,
  groupKey,
  onGroup,
  onSelect,
}: {
  readonly groups: readonly WritebackGroup[]
  readonly groupKey: string | null
  readonly onGroup: (key: string | null) => void
  readonly onSelect: (key: string) => void
}) {
  const nowMs = useNow()
  return (
    <section className={styles.groups} aria-label="Causes">
      <button type="button" className={styles.group} aria-pressed={groupKey === null} onClick={() => onGroup(null)}>
        <strong>All causes</strong>
      </button>
      {groups.map((group) => (
        <div key={group.key}>
          <button
            type="button"
            className={styles.group}
            aria-pressed={groupKey === group.key}
            onClick={() => onGroup(group.key)}
          >
            <strong>
              {group.count} × {group.class ?? 'no error'}
            </strong>
            <span className={styles.cause}>{group.title}</span>
            <span className={controls.secondary} title={fullTime(group.lastFailedAt)}>
              {group.lastFailedAt
                ? `last ${ago(group.lastFailedAt, nowMs)}, first ${ago(group.firstFailedAt, nowMs)}`
                : ''}
            </span>
          </button>
          {groupKey === group.key && (
            <button type="button" className={controls.plain} onClick={() => onSelect(group.key)}>
              Select group
            </button>
          )}
        </div>
      ))}
    </section>
  )
}
