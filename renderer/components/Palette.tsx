import { Command } from 'cmdk'
import { useState } from 'react'
import type { Workspace } from '../../shared/contract'
import { useClient } from '../state/client'
import { focusScreen } from '../state/focus'
import { fittingEntries, type PaletteEntry } from '../state/paletteEntries'
import { type PaletteActs, placeEntries, windowEntries } from '../state/palettePlaces'
import { settingEntries } from '../state/paletteSettings'
import { sourceEntries } from '../state/paletteSources'
import { viewEntries } from '../state/paletteViews'
import { goToHash, navigate } from '../state/route'
import { screenActs } from '../state/screenActs'
import { refuse, showToast } from '../state/toasts'
import { usePaletteFinds } from '../state/usePaletteFinds'
import { useSavedViews } from '../state/useSavedViews'
import { useSources } from '../state/useSources'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { Dialog } from './Dialog'
import styles from './Palette.module.css'

/** Every act of the screen, every place and every object by name; what cannot be done now says why. */
export function Palette({
  workspaces,
  demo,
  canChooseFile,
  onClose,
  onOpen,
  onAddFolder,
  onAddSource,
  onCompact,
}: {
  readonly workspaces: readonly Workspace[]
  readonly demo: boolean
  readonly canChooseFile: boolean
  readonly onClose: () => void
  readonly onOpen: (overlay: 'shortcuts') => void
  readonly onAddFolder: () => void
  readonly onAddSource: () => void
  readonly onCompact: (workspace: Workspace) => void
}) {
  const client = useClient()
  const [typed, setTyped] = useState('')
  // What the screen offers is taken once: the palette lies over it.
  const [acts] = useState(() => screenActs(document.querySelector('main') ?? document.body))
  const { views } = useSavedViews()
  const { remote } = useSources()
  const { entries: finds, isAsking } = usePaletteFinds(typed, workspaces)
  const around: PaletteActs = {
    demo,
    newWindow: window.rundesk
      ? () => client.request('windows:open', { hash: location.hash }).then(() => undefined, refuse)
      : null,
    openSheet: () => onOpen('shortcuts'),
    addFolder: onAddFolder,
    openFile: canChooseFile
      ? () => client.request('places:choose', {}).then(({ hash }) => hash !== null && goToHash(hash), refuse)
      : null,
    checkForUpdates: () => {
      navigate({ screen: 'settings', workspaceId: null, section: 'updates' })
      client.request('updates:check', {}).catch(refuse)
    },
    compact: onCompact,
  }
  const all = [
    ...acts,
    ...windowEntries(around),
    ...placeEntries(workspaces, around),
    ...sourceEntries(remote ?? [], onAddSource),
    ...viewEntries(views),
    ...settingEntries(),
    ...finds,
  ]
  const shown = fittingEntries(all, typed)
  const groups = groupsOf(shown)
  const choose = (entry: PaletteEntry): void => {
    if (entry.refusal !== null) {
      showToast({ tone: 'refused', text: `${entry.label}: ${entry.refusal}`, action: null })
      return
    }
    onClose()
    // The dialog gives the focus back first; the act may open another one.
    setTimeout(() => {
      const before = location.hash
      entry.run()
      if (location.hash !== before) focusScreen()
    })
  }

  return (
    <Dialog title={windowTexts.goToOrDo} onClose={onClose}>
      <Command label={windowTexts.goToAnything} shouldFilter={false} loop>
        <Command.Input
          className={`${controls.field} ${styles.input}`}
          placeholder={windowTexts.typeANameAnId}
          value={typed}
          onValueChange={setTyped}
        />
        <Command.List className={styles.list}>
          {shown.length === 0 && !isAsking && <Command.Empty>{windowTexts.nothingHasThisName}</Command.Empty>}
          {groups.map(([group, entries]) => (
            <Command.Group key={group} heading={group} className={styles.group}>
              {entries.map((entry) => (
                <Command.Item
                  key={entry.id}
                  value={entry.id}
                  className={`${styles.item} ${entry.refusal === null ? '' : styles.refused}`}
                  onSelect={() => choose(entry)}
                >
                  <span className={styles.label}>
                    {entry.label}
                    <span className={styles.note}>{entry.refusal ?? entry.note}</span>
                  </span>
                  {entry.keys && <kbd className={styles.keys}>{entry.keys}</kbd>}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  )
}

/** The entries by their group, each group where its first entry stands. */
function groupsOf(entries: readonly PaletteEntry[]): readonly (readonly [string, readonly PaletteEntry[]])[] {
  const groups = new Map<string, PaletteEntry[]>()
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry])
  return [...groups]
}
