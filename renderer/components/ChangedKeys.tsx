import { knownShortcuts } from '../../shared/keys'
import { keyOf } from '../../shared/rules/shortcutKeys'
import { toHash } from '../state/route'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'

const settings = toHash({ screen: 'settings', workspaceId: null, section: 'shortcuts' })

/** The keys that a person changed, for a sheet that tells those that Rundesk comes with; and the way to change more. */
export function ChangedKeys({ onLeave }: { readonly onLeave: () => void }) {
  const { value } = useMirror('changed keys', (client) => client.request('settings:get', {}), ['settings:changed'])
  const chosen = value?.settings.shortcuts ?? {}
  const changed = knownShortcuts.filter((shortcut) => keyOf(shortcut, chosen) !== shortcut.key)
  return (
    <p className={controls.secondary}>
      {changed.length > 0 && (
        <>
          {windowTexts.youChanged(
            changed.map((shortcut) => `${keyOf(shortcut, chosen)} (was ${shortcut.key}): ${shortcut.what}`).join('; '),
          )}{' '}
        </>
      )}
      <a href={settings} onClick={onLeave}>
        {windowTexts.changeKeysInTheSettings}
      </a>
    </p>
  )
}
