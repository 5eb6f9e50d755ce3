import { keyDecisions } from '../../shared/rules/keyDecisions'
import type { Decision, Trajectory } from '../../shared/trajectories'
import controls from '../styles/controls.module.css'
import { trajectoriesTexts } from '../texts/en/trajectories'
import { counted } from '../texts/words'
import styles from './DecisionCards.module.css'

/** What was decided, against what, and why. */
export function DecisionCards({ trajectory }: { readonly trajectory: Trajectory }) {
  const decisions = keyDecisions(trajectory)
  if (decisions.length === 0) return null
  return (
    <section aria-label={trajectoriesTexts.decisions}>
      <h2>{counted(decisions.length, trajectoriesTexts.decision)}</h2>
      <ul className={styles.cards}>
        {decisions.map((decision) => (
          <li key={`${decision.question} ${decision.chosen}`} className={styles.card}>
            <Card decision={decision} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Card({ decision }: { readonly decision: Decision }) {
  const { question, chosen, alternatives, reasoning, confidence } = decision
  return (
    <>
      {question !== chosen && <div className={controls.secondary}>{question}</div>}
      <div className={styles.chosen}>
        <span className={styles.mark} aria-hidden="true">
          ✓
        </span>
        {chosen}
        {confidence !== null && (
          <span className={controls.secondary}> {trajectoriesTexts.sure(Math.round(confidence * 100))}</span>
        )}
      </div>
      {alternatives.length > 0 && (
        <ul className={styles.alternatives} aria-label={trajectoriesTexts.alternatives}>
          {alternatives.map(({ option, reason }) => (
            <li key={`${option} ${reason}`}>
              <span className={styles.option}>{option}</span>
              {reason && <span className={controls.secondary}> {reason}</span>}
            </li>
          ))}
        </ul>
      )}
      {reasoning && <p>{reasoning}</p>}
    </>
  )
}
