import { copyText } from '../../state/copyText'
import controls from '../../styles/controls.module.css'
import styles from './CommandLines.module.css'

const words: Readonly<Record<string, string>> = {
  list: 'List its cause',
  show: 'All that is known of it',
  compare: 'Compare its versions',
  retry: 'Retry it',
  'retry-group': 'Retry its whole cause',
  edit: 'Give it new content',
  'take-server': "Take the server's version",
  dismiss: 'Dismiss it',
  restore: 'Restore it from the trash',
  export: 'Export it',
  'resolve-group': 'Resolve its cause',
  'ignore-group': 'Ignore its cause',
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
            <button type="button" className={controls.button} onClick={() => copyText(text, 'the command')}>
              Copy
            </button>
          </dd>
        </div>
      ))}
    </dl>
  )
}
