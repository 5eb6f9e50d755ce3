import type { Workspace } from '../../../shared/contract'
import { linkTo } from '../../state/overviewLinks'
import { toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import { overviewTexts } from '../../texts/en/overview'
import styles from './Overview.module.css'

const columns = [
  [overviewTexts.runs, 'all', ({ counts }: Workspace) => counts.all],
  [overviewTexts.running, 'running', ({ counts }: Workspace) => counts.running],
  [overviewTexts.needsYou, 'needsYou', ({ counts }: Workspace) => counts.needsYou],
  [overviewTexts.undelivered, 'undelivered', ({ writebacks }: Workspace) => writebacks.undelivered],
  [overviewTexts.problems, 'problems', ({ problemCount }: Workspace) => problemCount],
] as const

/** The workspaces with their numbers, each of which leads to its list. */
export function WorkspaceTable({ workspaces }: { readonly workspaces: readonly Workspace[] }) {
  return (
    <section className={styles.card} aria-label={overviewTexts.eachWorkspace}>
      <div className={styles.head}>
        <h2>{overviewTexts.workspaces}</h2>
      </div>
      <div className={styles.tableBox}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{overviewTexts.name}</th>
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
