import type { SourceRunDetail } from '../../../shared/sourceRuns'
import type { Source } from '../../../shared/sources'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import styles from './SourceFacts.module.css'

type Gap = keyof Source['knows'] & keyof typeof sourcesTexts.notToldWords
const gaps = Object.keys(sourcesTexts.notToldWords) as readonly Gap[]

/** All that an engine says of a run, and what it does not tell of any. */
export function SourceFacts({ run, source }: { readonly run: SourceRunDetail; readonly source: Source }) {
  const missing = [
    ...gaps.filter((gap) => !source.knows[gap]).map((gap) => sourcesTexts.notToldWords[gap]),
    ...(source.filters.includes('search') ? [] : [sourcesTexts.noTextSearch]),
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className={styles.facts} aria-label={sourcesTexts.whatIsKnown} tabIndex={0}>
      <dl>
        {run.facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {missing.length > 0 && (
        <>
          <h2>{sourcesTexts.notTold}</h2>
          <ul className={controls.secondary}>
            {missing.map((said) => (
              <li key={said}>{said}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
