import { useId, useState } from 'react'
import type { OutcomeStretch } from '../../../shared/overview'
import { keyStep } from '../../../shared/rules/pressedKeys'
import { type RunOutcome, runOutcomes } from '../../../shared/rules/runOutcome'
import controls from '../../styles/controls.module.css'
import { overviewTexts } from '../../texts/en/overview'
import { outcomeSentence, outcomeWords, stretchWords, tickWords } from '../../texts/outcomeWords'
import { counted } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import styles from './OutcomeChart.module.css'
import { OutcomeTable } from './OutcomeTable'

const height = 120

/**
 * Runs by when they began, stacked by what became of them; every bar leads to its runs. Arrow keys go from bar to bar;
 * the same numbers stand in a table when asked for.
 */
export function OutcomeChart({
  title,
  unit,
  stretches,
  hrefOf,
}: {
  readonly title: string
  readonly unit: 'hour' | 'day'
  readonly stretches: readonly OutcomeStretch[]
  readonly hrefOf: (stretch: OutcomeStretch, outcome: RunOutcome | null) => string
}) {
  const id = useId()
  const [asTable, setTable] = useState(false)
  const [current, setCurrent] = useState(stretches.length - 1)
  const highest = Math.max(1, ...stretches.map(({ total }) => total))
  const all = stretches.reduce((sum, { total }) => sum + total, 0)
  const seen = runOutcomes.filter((outcome) => stretches.some(({ counts }) => (counts[outcome] ?? 0) > 0))
  const width = 100 / Math.max(1, stretches.length)
  const onKey = (event: React.KeyboardEvent<SVGSVGElement>): void => {
    const step = keyStep(event, { back: 'tab-previous', on: 'tab-next' })
    const end = keyStep(event, { back: 'tab-first', on: 'tab-last' })
    if (step === 0 && end === 0) return
    event.preventDefault()
    const next = Math.max(0, Math.min(stretches.length - 1, current + step + end * stretches.length))
    setCurrent(next)
    event.currentTarget.querySelectorAll<SVGAElement>('a')[next]?.focus()
  }

  return (
    <section className={styles.chart} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <span className={controls.secondary}>{counted(all, overviewTexts.run)}</span>
        <span className={controls.spread} />
        <button type="button" className={controls.plain} aria-pressed={asTable} onClick={() => setTable(!asTable)}>
          {asTable ? overviewTexts.asBars : overviewTexts.asATable}
        </button>
      </div>
      {asTable ? (
        <OutcomeTable stretches={stretches} unit={unit} outcomes={seen} hrefOf={hrefOf} />
      ) : (
        <>
          <div className={styles.plot}>
            <span className={styles.top} aria-hidden="true">
              {all === 0 ? '' : highest.toLocaleString('en')}
            </span>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no drawing */}
            <svg className={styles.bars} height={height} role="group" aria-labelledby={id} onKeyDown={onKey}>
              {stretches.map((stretch, index) => (
                <a
                  key={stretch.from}
                  href={hrefOf(stretch, null)}
                  className={styles.bar}
                  tabIndex={index === current ? 0 : -1}
                  onFocus={() => setCurrent(index)}
                  aria-label={`${stretchWords(stretch, unit)}: ${outcomeSentence(stretch)}`}
                >
                  <title>{`${stretchWords(stretch, unit)}\n${outcomeSentence(stretch)}`}</title>
                  <rect className={styles.area} x={`${index * width}%`} y={0} width={`${width}%`} height={height} />
                  <Stack stretch={stretch} highest={highest} x={(index + 0.14) * width} width={width * 0.72} />
                </a>
              ))}
            </svg>
            {all === 0 && <p className={styles.none}>{overviewTexts.noRunBeganInThisTime}</p>}
          </div>
          <div className={styles.ticks} aria-hidden="true">
            {stretches.map((stretch, index) => (
              <span key={stretch.from}>{index % 6 === 0 ? tickWords(stretch, unit) : ''}</span>
            ))}
          </div>
          <ul className={styles.legend} aria-label={overviewTexts.outcomes}>
            {seen.map((outcome) => (
              <li key={outcome}>
                <StatusMark status={outcomeWords[outcome]} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Stack({
  stretch,
  highest,
  x,
  width,
}: {
  readonly stretch: OutcomeStretch
  readonly highest: number
  /** In percent of the chart. */
  readonly x: number
  readonly width: number
}) {
  const room = height - 2
  let ground = height
  return runOutcomes.map((outcome) => {
    const count = stretch.counts[outcome] ?? 0
    if (count === 0) return null
    const size = Math.max(1.5, (room * count) / highest)
    ground -= size
    return (
      <rect
        key={outcome}
        x={`${x}%`}
        width={`${width}%`}
        y={Math.max(0, ground)}
        height={size}
        className={`${styles.part} ${styles[outcome]}`}
      />
    )
  })
}
