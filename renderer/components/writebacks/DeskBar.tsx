import type { ReactNode } from 'react'
import type { DeskRoute, DeskView } from '../../state/deskRoute'
import { toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import styles from './DeskBar.module.css'

const views: readonly (readonly [DeskView | undefined, string])[] = [
  [undefined, writebacksTexts.items],
  ['operations', writebacksTexts.operations],
  ['trash', writebacksTexts.trash],
  ['audit', writebacksTexts.audit],
  ['earlier', writebacksTexts.earlierEvidence],
]

/** The title of the desk and the ways to its views. */
export function DeskBar({ route, children }: { readonly route: DeskRoute; readonly children?: ReactNode }) {
  return (
    <div className={controls.bar}>
      <h1>{writebacksTexts.writebacks}</h1>
      <nav className={styles.views} aria-label={writebacksTexts.viewsOfTheWritebacks}>
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
