import { useState } from 'react'
import type { RunWhere } from '../../../shared/rules/runWhere'
import type { RunPage } from '../../../shared/runList'
import { livenesses } from '../../../shared/runs'
import { shownKeyOf } from '../../state/shortcutKeys'
import { runsTexts } from '../../texts/en/runs'
import { livenessWords } from '../../texts/whereWords'
import { statusWord } from '../../texts/words'
import { ChoiceList } from './ChoiceList'
import { DurationChoice } from './DurationChoice'
import styles from './FilterMenu.module.css'
import { Popover } from './Popover'
import { TimeChoice } from './TimeChoice'

const kinds = ['status', 'liveness', 'workflow', 'started', 'duration', 'error', 'saved'] as const
type Kind = (typeof kinds)[number]

export type ChangeWhere = (change: { readonly [K in keyof RunWhere]: RunWhere[K] | undefined }) => void

/** Narrows the list: what by on the left, to what on the right. Every choice counts at once. */
export function FilterMenu({
  where,
  facets,
  onChange,
}: {
  readonly where: RunWhere
  readonly facets: RunPage['facets'] | null
  readonly onChange: ChangeWhere
}) {
  const [kind, setKind] = useState<Kind>('status')
  return (
    <Popover
      label={runsTexts.addAFilter}
      title={runsTexts.key(shownKeyOf('filter'))}
      openKey="filter"
      words={runsTexts.filter}
    >
      {() => (
        <div className={styles.menu}>
          <div className={styles.kinds} data-group>
            {kinds.map((one) => (
              <button
                key={one}
                type="button"
                className={styles.kind}
                aria-pressed={one === kind}
                onClick={() => setKind(one)}
              >
                {runsTexts[one]}
              </button>
            ))}
          </div>
          <fieldset className={styles.panel}>
            <legend className={styles.legend}>{legends[kind]}</legend>
            <Panel kind={kind} where={where} facets={facets} onChange={onChange} />
          </fieldset>
        </div>
      )}
    </Popover>
  )
}

const legends: Readonly<Record<Kind, string>> = {
  status: runsTexts.hasOneOfTheseStatuses,
  liveness: runsTexts.isGoingAndThisIsKnown,
  workflow: runsTexts.isOfOneOfTheseWorkflows,
  started: runsTexts.started,
  duration: runsTexts.tookOrHasTaken,
  error: runsTexts.tellsOfAnError,
  saved: runsTexts.standsOnTheDisk,
}

function Panel({
  kind,
  where,
  facets,
  onChange,
}: {
  readonly kind: Kind
  readonly where: RunWhere
  readonly facets: RunPage['facets'] | null
  readonly onChange: ChangeWhere
}) {
  switch (kind) {
    case 'status':
      return (
        <ChoiceList
          counts={facets?.statuses ?? {}}
          chosen={where.statuses ?? []}
          toWord={(status) => statusWord(status).word}
          onChoose={(statuses) => onChange({ statuses: [...statuses] })}
        />
      )
    case 'liveness':
      return (
        <ChoiceList
          counts={facets?.liveness ?? {}}
          always={livenesses}
          chosen={where.liveness ?? []}
          toWord={(liveness) => livenessWords[liveness]}
          onChoose={(liveness) => onChange({ liveness: [...liveness] })}
        />
      )
    case 'workflow':
      return (
        <ChoiceList
          searched
          counts={facets?.workflows ?? {}}
          chosen={where.workflows ?? []}
          toWord={(name) => name}
          onChoose={(workflows) => onChange({ workflows: [...workflows] })}
        />
      )
    case 'started':
      return <TimeChoice where={where} onChange={onChange} />
    case 'duration':
      return <DurationChoice where={where} onChange={onChange} />
    case 'error':
      return (
        <YesOrNo
          words={[runsTexts.hasAnError, runsTexts.hasNoError]}
          chosen={where.hasError}
          onChoose={(hasError) => onChange({ hasError })}
        />
      )
    case 'saved':
      return (
        <YesOrNo
          words={[runsTexts.allIsSaved, runsTexts.notSaved]}
          chosen={where.saved}
          onChoose={(saved) => onChange({ saved })}
        />
      )
  }
}

/** One of two things, or neither. */
function YesOrNo({
  words,
  chosen,
  onChoose,
}: {
  /** What stands for yes, and for no. */
  readonly words: readonly [string, string]
  readonly chosen: boolean | undefined
  readonly onChoose: (yes: boolean | undefined) => void
}) {
  return (
    <div className={styles.choices} data-group>
      {words.map((word, place) => {
        const yes = place === 0
        return (
          <label key={word} className={styles.choice}>
            <input
              type="checkbox"
              checked={chosen === yes}
              onChange={() => onChoose(chosen === yes ? undefined : yes)}
            />
            {word}
          </label>
        )
      })}
    </div>
  )
}
