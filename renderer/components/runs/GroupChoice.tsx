import { runGroupings } from '../../../shared/runGroups'
import { navigate, type RunsRoute } from '../../state/route'
import controls from '../../styles/controls.module.css'

const words = { failures: 'Equal failures', workflows: 'Workflows' } as const

/** Whether the list has one line for each run, or for each group of them. */
export function GroupChoice({ route }: { readonly route: RunsRoute }) {
  const { group, ...rest } = route
  return (
    <select
      className={controls.field}
      aria-label="Show"
      value={group ?? ''}
      onChange={(event) => {
        const chosen = runGroupings.find((one) => one === event.target.value)
        navigate(chosen ? { ...rest, group: chosen } : rest)
      }}
    >
      <option value="">Each run</option>
      {runGroupings.map((one) => (
        <option key={one} value={one}>
          {words[one]}
        </option>
      ))}
    </select>
  )
}
