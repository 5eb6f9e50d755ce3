import { Bookmark } from 'lucide-react'
import { type Route, toHash } from '../state/route'
import { useSavedViews } from '../state/useSavedViews'
import { isSameView, viewAskOf, viewRoute } from '../state/viewRoute'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import styles from './Sidebar.module.css'

/** The ways to the views that this person saved, over all workspaces. */
export function ViewLinks({ route }: { readonly route: Route }) {
  const { views } = useSavedViews()
  if (views.length === 0) return null
  return (
    <section className={styles.group} aria-label={windowTexts.yourViews}>
      <div className={styles.title}>
        <span className={styles.label}>{windowTexts.views}</span>
      </div>
      {views.map(({ id, name, ask }) => {
        const here = route.screen === 'runs' && route.workspaceId === null && isSameView(viewAskOf(route), ask)
        return (
          <a
            key={id}
            className={styles.link}
            href={toHash(viewRoute(null, ask))}
            aria-current={here ? 'page' : undefined}
            title={windowTexts.view(name)}
          >
            <Bookmark size={15} aria-hidden />
            <span className={`${styles.label} ${controls.ellipsis}`}>{name}</span>
          </a>
        )
      })}
    </section>
  )
}
