import { Command } from 'cmdk'
import { builtInViews } from '../../shared/runViews'
import type { Route } from '../state/route'
import { useSavedViews } from '../state/useSavedViews'
import { viewRoute } from '../state/viewRoute'
import styles from './Palette.module.css'

/** The views of runs, over all workspaces, as items of the palette. */
export function PaletteViews({ onGo }: { readonly onGo: (route: Route) => void }) {
  const { views } = useSavedViews()
  return [...views, ...builtInViews].map(({ id, name, ask }) => (
    <Command.Item
      key={id}
      className={styles.item}
      value={`view of runs ${name} ${id}`}
      onSelect={() => onGo(viewRoute(null, ask))}
    >
      View: {name}
    </Command.Item>
  ))
}
