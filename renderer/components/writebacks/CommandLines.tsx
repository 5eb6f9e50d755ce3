import { copyText } from '../../state/copyText'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import styles from './CommandLines.module.css'

const words: Readonly<Record<string, string>> = {
  list: writebackTexts.listItsCause,
  show: writebackTexts.allThatIsKnown,
  compare: writebackTexts.compareItsVersions,
  retry: writebackTexts.retryIt,
  'retry-group': writebackTexts.retryItsWholeCause,
  edit: writebackTexts.giveItNewContent,
  'take-server': writebackTexts.takeTheServersVersion,
  dismiss: writebackTexts.dismissIt,
  restore: writebackTexts.restoreItFromTheTrash,
  export: writebackTexts.exportIt,
  'resolve-group': writebackTexts.resolveItsCause,
  'ignore-group': writebackTexts.ignoreItsCause,
}

/** What to type in a shell for each act. */
export function CommandLines({
  commands,
}: {
  readonly commands: readonly { readonly act: string; readonly text: string }[]
}) {
  return (
    <dl className={styles.commands}>
      {commands.map(({ act, text }) => (
        <div key={act}>
          <dt>{words[act] ?? act}</dt>
          <dd>
            <code className={controls.code}>{text}</code>
            <button type="button" className={controls.button} onClick={() => copyText(text, writebackTexts.theCommand)}>
              {writebackTexts.copy}
            </button>
          </dd>
        </div>
      ))}
    </dl>
  )
}
