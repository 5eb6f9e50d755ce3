import { Bookmark } from 'lucide-react'
import { type Route, toHash } from '../state/route'
import { useSavedViews } from '../state/useSavedViews'
import { isSameView, viewAskOf, viewRoute } from '../state/viewRoute'
import { windowTexts } from '../texts/en/window'
import styles from './Sidebar.module.css'
import { SideLink, SideTitle } from './SideLink'

/** The ways to the views that this person saved, over all workspaces. */
export function ViewLinks({ route }: { readonly route: Route }) {
  const { views } = useSavedViews()
  if (views.length === 0) return null
  return (
    <section className={styles.group} aria-label={windowTexts.yourViews}>
      <SideTitle title={windowTexts.views} short={windowTexts.views} />
      {views.map(({ id, name, ask }) => {
        const here = route.screen === 'runs' && route.workspaceId === null && isSameView(viewAskOf(route), ask)
        return (
          <SideLink
            key={id}
            icon={Bookmark}
            href={toHash(viewRoute(null, ask))}
            isHere={here}
            title={windowTexts.view(name)}
            label={name}
          />
        )
      })}
    </section>
  )
}
