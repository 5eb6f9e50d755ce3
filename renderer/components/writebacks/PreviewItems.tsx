import { useState } from 'react'
import type { DeliveryWay, Preview } from '../../../shared/operations'
import { useVirtualRows } from '../../state/useVirtualRows'
import controls from '../../styles/controls.module.css'
import { wayWords } from '../../texts/operationWords'
import styles from './PreviewItems.module.css'

const ways: readonly (readonly [DeliveryWay, string])[] = [
  ['re-arm', 'are handed to the mount again, and its daemon sends them'],
  ['direct', 'are sent by Rundesk with the credentials of their workspace'],
  ['replay', 'were refused after the server had accepted them, and the server tries them again'],
]

/** The items of a frozen set, each with its way or with why nothing is done to it. */
export function PreviewItems({ preview }: { readonly preview: Preview }) {
  const { counts, act, cut, total } = preview
  const [onlyRefused, setOnlyRefused] = useState(false)
  const shown = onlyRefused ? preview.items.filter(({ reason }) => reason !== null) : preview.items
  const { scroller, rows, height } = useVirtualRows({ count: shown.length, rowHeight: 26, index: -1 })
  return (
    <div>
      <ul className={styles.counts}>
        {act === 'retry' &&
          ways
            .filter(([way]) => counts[way] > 0)
            .map(([way, text]) => (
              <li key={way}>
                <strong>{counts[way].toLocaleString('en')}</strong> {text}
              </li>
            ))}
        {counts.refused > 0 && (
          <li>
            <strong>{counts.refused.toLocaleString('en')}</strong> {counts.refused === 1 ? 'is' : 'are'} left alone{' '}
            <label className={controls.secondary}>
              <input type="checkbox" checked={onlyRefused} onChange={(event) => setOnlyRefused(event.target.checked)} />{' '}
              Show only these
            </label>
          </li>
        )}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section ref={scroller} className={styles.scroll} tabIndex={0} aria-label="What would be done to each">
        <ul className={styles.items} style={{ height }}>
          {rows.map(({ index, start }) => {
            const item = shown[index]
            if (!item) return null
            return (
              <li key={item.key} className={styles.item} style={{ transform: `translateY(${start}px)` }}>
                <span className={item.reason === null ? styles.way : styles.refused}>
                  {item.reason === null ? (item.way ? wayWords[item.way] : 'To the trash') : 'Left alone'}
                </span>
                <span
                  className={`mono ${controls.ellipsis} ${item.reason === null ? styles.whole : ''}`}
                  title={item.path ?? ''}
                >
                  {item.path ?? 'a record without a path'}
                </span>
                {item.reason !== null && (
                  <span className={`${controls.secondary} ${controls.ellipsis}`} title={item.reason}>
                    {item.reason}
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      </section>
      {cut && (
        <p className={controls.secondary}>
          The first {preview.items.length} of {total.toLocaleString('en')} are listed; the set holds them all.
        </p>
      )}
    </div>
  )
}
