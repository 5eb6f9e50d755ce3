import type { WritebackGroup } from '../../../shared/writebacks'
import { linkTo } from '../../state/overviewLinks'
import controls from '../../styles/controls.module.css'
import { overviewTexts } from '../../texts/en/overview'
import { ago, fullTime } from '../../texts/times'
import styles from './Overview.module.css'

/** Why writebacks are not delivered, the worst cause first; each leads to its writebacks. */
export function CauseList({
  groups,
  undelivered,
  workspaceId,
  nowMs,
}: {
  readonly groups: readonly WritebackGroup[]
  readonly undelivered: number
  readonly workspaceId: string | null
  readonly nowMs: number
}) {
  const open = groups.filter((group) => group.undelivered > 0)
  return (
    <section className={styles.card} aria-label={overviewTexts.undeliveredWritebacks}>
      <div className={styles.head}>
        <h2>{overviewTexts.undeliveredWritebacks}</h2>
        <a
          href={linkTo({ kind: 'undelivered' }, workspaceId)}
          aria-label={overviewTexts.undeliveredWritebacksAll(undelivered.toLocaleString('en'))}
        >
          {undelivered.toLocaleString('en')}
        </a>
      </div>
      {open.length === 0 && <p className={styles.quiet}>{overviewTexts.noWritebackWaitsToBeDelivered}</p>}
      <ul className={styles.rows}>
        {open.map((group) => (
          <li key={group.key}>
            <a
              className={styles.row}
              href={linkTo({ kind: 'cause', groupKey: group.key }, workspaceId)}
              title={group.title}
            >
              <span className={styles.number2}>{group.undelivered.toLocaleString('en')}</span>
              <span className={styles.name}>
                <span className={controls.ellipsis}>{group.title}</span>
              </span>
              <span className={`${controls.secondary} ${styles.when}`} title={fullTime(group.lastFailedAt)}>
                {group.lastFailedAt !== null && ago(group.lastFailedAt, nowMs)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
