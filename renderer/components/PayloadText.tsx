import { useMemo, useState } from 'react'
import { toFailure } from '../../shared/outcome'
import { isKey } from '../../shared/rules/pressedKeys'
import { copyText } from '../state/copyText'
import { toTextRows } from '../state/textRows'
import { useLineScroll } from '../state/useLineScroll'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { toSize } from '../texts/words'
import styles from './PayloadText.module.css'

/** So much of a long text is shown at first, in characters. */
const previewCharacters = 4 * 1024
/** The height of a row, in px. */
const rowHeight = 18

/**
 * A text of any size: its beginning at first, all of it when that is asked for, of which only the rows on the screen are
 * drawn. `fetchWhole` gives what `text` is only the beginning of.
 */
export function PayloadText({
  label,
  text,
  sizeBytes,
  fetchWhole,
}: {
  readonly label: string
  readonly text: string
  /** Of the whole; without it `text` is the whole. */
  readonly sizeBytes?: number | null
  readonly fetchWhole?: () => Promise<string>
}) {
  const [whole, setWhole] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const isLong = fetchWhole !== undefined || text.length > previewCharacters
  if (!isLong) return <pre className={controls.code}>{text}</pre>
  const withWhole = async (use: (all: string) => void): Promise<void> => {
    if (busy) return
    setBusy(true)
    setRefusal(null)
    try {
      use(whole ?? (await (fetchWhole?.() ?? text)))
    } catch (error) {
      setRefusal(toFailure(error).message)
    } finally {
      setBusy(false)
    }
  }
  const bytes = sizeBytes ?? (fetchWhole ? null : text.length)
  return (
    <>
      <div className={styles.bar}>
        <span role="status" className={controls.secondary}>
          {whole === null ? runTexts.theBeginning : runTexts.all}
          {bytes === null ? '' : runTexts.of(toSize(bytes))}
        </span>
        <button
          type="button"
          className={controls.plain}
          aria-disabled={busy}
          aria-expanded={whole !== null}
          onClick={() => (whole === null ? void withWhole(setWhole) : setWhole(null))}
        >
          {busy ? runTexts.loadingDots : whole === null ? runTexts.showAll : runTexts.showTheBeginning}
        </button>
        <button
          type="button"
          className={controls.plain}
          aria-disabled={busy}
          onClick={() => void withWhole((all) => copyText(all, runTexts.allOfIt))}
        >
          {runTexts.copyAll}
        </button>
      </div>
      {refusal !== null && (
        <p role="alert" className={controls.refusal}>
          {refusal}
        </p>
      )}
      {whole === null ? (
        <pre className={controls.code}>{text.slice(0, previewCharacters)}…</pre>
      ) : (
        <WholeText label={label} text={whole} />
      )}
    </>
  )
}

function WholeText({ label, text }: { readonly label: string; readonly text: string }) {
  const rows = useMemo(() => toTextRows(text), [text])
  const scroll = useLineScroll({ count: rows.count, rowHeight })
  const shown = Array.from({ length: Math.max(0, scroll.last - scroll.first + 1) }, (_, index) => scroll.first + index)
  return (
    <section
      ref={scroll.scroller}
      className={styles.whole}
      aria-label={runTexts.allOf(label)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={scroll.onScroll}
      onKeyDown={(event) => {
        const first = isKey(event, 'first')
        if (!first && !isKey(event, 'last')) return
        event.preventDefault()
        scroll.scrollTo(first ? 0 : rows.count)
      }}
    >
      <div style={{ height: scroll.height, position: 'relative' }}>
        <div style={{ transform: `translateY(${scroll.top}px)` }}>
          {shown.map((row) => (
            <div key={row} className={styles.row}>
              {rows.rowAt(row)}
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}
