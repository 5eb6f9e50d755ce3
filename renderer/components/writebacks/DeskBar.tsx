import type { ReactNode } from 'react'
import type { DeskRoute, DeskView } from '../../state/deskRoute'
import { toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import styles from './DeskBar.module.css'

const views: readonly (readonly [DeskView | undefined, string])[] = [
  [undefined, 'Items'],
  ['operations', 'Operations'],
  ['trash', 'Trash'],
  ['audit', 'Audit'],
  ['earlier', 'Earlier evidence'],
]

/** The title of the desk and the ways to its views. */
export function DeskBar({ route, children }: { readonly route: DeskRoute; readonly children?: ReactNode }) {
  return (
    <div className={controls.bar}>
      <h1>Writebacks</h1>
      <nav className={styles.views} aria-label="Views of the writebacks">
        {views.map(([view, word]) => (
          <a
            key={word}
            className={styles.view}
            href={toHash({ screen: 'writebacks', workspaceId: route.workspaceId, ...(view ? { view } : {}) })}
            aria-current={route.view === view ? 'page' : undefined}
          >
            {word}
          </a>
        ))}
      </nav>
      {children}
    </div>
  )
}
