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

const kinds = [
  runsTexts.status,
  runsTexts.liveness,
  runsTexts.workflow,
  runsTexts.started,
  runsTexts.duration,
  runsTexts.error,
] as const
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
  const [kind, setKind] = useState<Kind>(runsTexts.status)
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
                {one}
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
  Status: runsTexts.hasOneOfTheseStatuses,
  Liveness: runsTexts.isGoingAndThisIsKnown,
  Workflow: runsTexts.isOfOneOfTheseWorkflows,
  Started: runsTexts.started,
  Duration: runsTexts.tookOrHasTaken,
  Error: runsTexts.tellsOfAnError,
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
    case 'Status':
      return (
        <ChoiceList
          counts={facets?.statuses ?? {}}
          chosen={where.statuses ?? []}
          toWord={(status) => statusWord(status).word}
          onChoose={(statuses) => onChange({ statuses: [...statuses] })}
        />
      )
    case 'Liveness':
      return (
        <ChoiceList
          counts={facets?.liveness ?? {}}
          always={livenesses}
          chosen={where.liveness ?? []}
          toWord={(liveness) => livenessWords[liveness]}
          onChoose={(liveness) => onChange({ liveness: [...liveness] })}
        />
      )
    case 'Workflow':
      return (
        <ChoiceList
          searched
          counts={facets?.workflows ?? {}}
          chosen={where.workflows ?? []}
          toWord={(name) => name}
          onChoose={(workflows) => onChange({ workflows: [...workflows] })}
        />
      )
    case 'Started':
      return <TimeChoice where={where} onChange={onChange} />
    case 'Duration':
      return <DurationChoice where={where} onChange={onChange} />
    case 'Error':
      return (
        <div className={styles.choices} data-group>
          {([true, false] as const).map((hasError) => (
            <label key={String(hasError)} className={styles.choice}>
              <input
                type="checkbox"
                checked={where.hasError === hasError}
                onChange={() => onChange({ hasError: where.hasError === hasError ? undefined : hasError })}
              />
              {hasError ? runsTexts.hasAnError : runsTexts.hasNoError}
            </label>
          ))}
        </div>
      )
  }
}
