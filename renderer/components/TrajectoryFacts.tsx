import type { Trajectory } from '../../shared/trajectories'
import controls from '../styles/controls.module.css'
import { trajectoriesTexts } from '../texts/en/trajectories'
import { fullTime } from '../texts/times'
import styles from './TrajectoryFacts.module.css'

/** More are only counted: the file has them all. */
const shownItems = 200

/** What the work changed, who took part, and what a compacted record stands for. */
export function TrajectoryFacts({ trajectory }: { readonly trajectory: Trajectory }) {
  const { filesChanged, commits, participants, sources, tags } = trajectory
  return (
    <>
      <TextList name={trajectoriesTexts.filesChanged} items={filesChanged} />
      <TextList name={trajectoriesTexts.commits} items={commits} />
      <TextList name={trajectoriesTexts.standsFor} items={sources} />
      <TextList name={trajectoriesTexts.tags} items={tags} />
      {participants.length > 0 && (
        <section aria-label={trajectoriesTexts.agents}>
          <h2>{trajectoriesTexts.agents}</h2>
          <ul className={styles.list}>
            {participants.map(({ name, role, joinedAt }) => (
              <li key={`${name} ${role} ${joinedAt}`}>
                {name}{' '}
                <span className={controls.secondary} title={fullTime(joinedAt)}>
                  {role}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function TextList({ name, items }: { readonly name: string; readonly items: readonly string[] }) {
  const texts = [...new Set(items)]
  if (texts.length === 0) return null
  return (
    <section aria-label={name}>
      <h2>
        {name} <span className={controls.secondary}>{texts.length}</span>
      </h2>
      <ul className={`mono ${styles.list}`}>
        {texts.slice(0, shownItems).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {texts.length > shownItems && (
        <p className={controls.secondary}>{trajectoriesTexts.andMore(texts.length - shownItems)}</p>
      )}
    </section>
  )
}
