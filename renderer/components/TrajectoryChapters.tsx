import type { Chapter, Trajectory, TrajectoryEvent } from '../../shared/trajectories'
import controls from '../styles/controls.module.css'
import { trajectoriesTexts } from '../texts/en/trajectories'
import { clock, duration, fullTime, tookMs } from '../texts/times'
import { counted, eventWords } from '../texts/words'
import styles from './TrajectoryChapters.module.css'

/** The chapters in their order, each with its events. */
export function TrajectoryChapters({ trajectory }: { readonly trajectory: Trajectory }) {
  const { chapters } = trajectory
  if (chapters.length === 0) return null
  return (
    <section aria-label={trajectoriesTexts.chapters}>
      <h2>{counted(chapters.length, trajectoriesTexts.chapter)}</h2>
      {chapters.map((chapter, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ids of other tools need not be unique, and chapters only get more
        <ChapterSection key={`${index} ${chapter.id}`} chapter={chapter} number={index + 1} />
      ))}
    </section>
  )
}

function ChapterSection({ chapter, number }: { readonly chapter: Chapter; readonly number: number }) {
  const { title, agentName, startedAt, endedAt, events } = chapter
  const took = endedAt === null ? null : tookMs(startedAt, endedAt, 0)
  return (
    <section className={styles.chapter} aria-label={title}>
      <div className={styles.head}>
        <h3>
          {number}. {title}
        </h3>
        <span className={controls.secondary}>{agentName}</span>
        <span className={controls.spread} />
        <span className={controls.secondary} title={fullTime(startedAt)}>
          {took === null ? '' : duration(took)}
        </span>
      </div>
      <ol className={styles.events}>
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and are only appended
          <EventRow key={index} event={event} />
        ))}
      </ol>
    </section>
  )
}

function EventRow({ event }: { readonly event: TrajectoryEvent }) {
  const { at, type, content, significance } = event
  const { word, tone } = eventWords[type] ?? { word: type, tone: null }
  return (
    <li className={styles.event}>
      <time className={controls.secondary} title={fullTime(at)} dateTime={at ?? undefined}>
        {clock(at)}
      </time>
      <span className={`${styles.type} ${tone === null ? '' : styles[tone]}`}>{word}</span>
      <span className={styles.content}>
        {content}
        {significance === 'critical' && <strong className={styles.failed}> {trajectoriesTexts.critical}</strong>}
      </span>
    </li>
  )
}
