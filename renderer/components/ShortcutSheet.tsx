import { keyGroups } from '../../shared/keys'
import { shownKey } from '../state/shortcutKeys'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { ChangedKeys } from './ChangedKeys'
import { Dialog } from './Dialog'
import styles from './ShortcutSheet.module.css'

/** Every key there is. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={windowTexts.keyboardShortcuts} wide onClose={onClose}>
      <p className={controls.secondary}>{windowTexts.onAMacStands}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.scroll} aria-label={windowTexts.keys} tabIndex={0}>
        <div className={styles.groups}>
          {keyGroups.map(({ title, lines }) => (
            <section key={title} aria-label={title}>
              <h3>{title}</h3>
              <table className={styles.table}>
                <tbody>
                  {lines.map(({ id, keys, what }) => (
                    <tr key={id}>
                      <th scope="row">
                        {keys.map((key) => (
                          <kbd key={key} className={key === '…' ? undefined : styles.key}>
                            {shownKey(key)}
                          </kbd>
                        ))}
                      </th>
                      <td>{what}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          ))}
        </div>
      </section>
      <ChangedKeys onLeave={onClose} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {windowTexts.close}
        </button>
      </div>
    </Dialog>
  )
}
