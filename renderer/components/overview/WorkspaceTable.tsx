import type { Workspace } from '../../../shared/contract'
import { linkTo } from '../../state/overviewLinks'
import { toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import styles from './Overview.module.css'

const columns = [
  ['Runs', 'all', ({ counts }: Workspace) => counts.all],
  ['Running', 'running', ({ counts }: Workspace) => counts.running],
  ['Needs you', 'needsYou', ({ counts }: Workspace) => counts.needsYou],
  ['Undelivered', 'undelivered', ({ writebacks }: Workspace) => writebacks.undelivered],
  ['Problems', 'problems', ({ problemCount }: Workspace) => problemCount],
] as const

/** The workspaces with their numbers, each of which leads to its list. */
export function WorkspaceTable({ workspaces }: { readonly workspaces: readonly Workspace[] }) {
  return (
    <section className={styles.card} aria-label="Each workspace">
      <div className={styles.head}>
        <h2>Workspaces</h2>
      </div>
      <div className={styles.tableBox}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              {columns.map(([word]) => (
                <th key={word} scope="col">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {workspaces.map((workspace) => (
              <tr key={workspace.id}>
                <th scope="row" title={workspace.path}>
                  <a href={toHash({ screen: 'overview', workspaceId: workspace.id })}>{workspace.name}</a>
                  {workspace.trouble !== null && <div className={controls.refusal}>{workspace.trouble}</div>}
                </th>
                {columns.map(([word, kind, countOf]) => (
                  <td key={word}>
                    <a
                      href={linkTo({ kind }, workspace.id)}
                      className={countOf(workspace) === 0 ? styles.zero : undefined}
                      aria-label={`${workspace.name}: ${countOf(workspace).toLocaleString('en')} ${word.toLowerCase()}`}
                    >
                      {countOf(workspace).toLocaleString('en')}
                    </a>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
