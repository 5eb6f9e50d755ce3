import type { WritebackDetail } from '../../../shared/writebacks'
import { copyText } from '../../state/copyText'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { LoadingRows } from '../ListStates'
import styles from './RawRecords.module.css'

/** The records as they stand on the disk, without the contents of files. */
export function RawRecords({ detail }: { readonly detail: WritebackDetail | null }) {
  if (detail === null) return <LoadingRows />
  const { outbox, records } = detail
  if (outbox.length + records.length === 0)
    return <p className={controls.secondary}>{writebackTexts.nothingIsLeftOnTheDisk}</p>
  return (
    <>
      {outbox.map(({ folder, file, record }) => (
        <RawText
          key={`${folder}/${file}`}
          title={writebackTexts.outbox(folder)}
          file={file}
          text={JSON.stringify(record, null, 2)}
        />
      ))}
      {records.map((record) => (
        <div key={record.file}>
          <RawText title={writebackTexts.deadLetterWord} file={record.file} text={record.raw} />
          {record.sidecar && <RawText title={writebackTexts.itsSidecar} file={record.file} text={record.sidecar} />}
        </div>
      ))}
    </>
  )
}

function RawText({ title, file, text }: { readonly title: string; readonly file: string; readonly text: string }) {
  return (
    <details className={styles.record} open>
      <summary>
        {title} <span className="mono">{file}</span>
      </summary>
      <button
        type="button"
        className={`${controls.plain} ${styles.copy}`}
        onClick={() => copyText(text, writebackTexts.theRecord)}
      >
        {writebackTexts.copy}
      </button>
      <pre className={controls.code}>{text}</pre>
    </details>
  )
}
