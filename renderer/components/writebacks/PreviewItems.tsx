import { useState } from 'react'
import type { DeliveryWay, Preview } from '../../../shared/operations'
import { useVirtualRows } from '../../state/useVirtualRows'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { wayWords } from '../../texts/operationWords'
import styles from './PreviewItems.module.css'

const ways: readonly (readonly [DeliveryWay, string])[] = [
  ['re-arm', operationsTexts.areHandedToTheMount],
  ['direct', operationsTexts.areSentByRundesk],
  ['replay', operationsTexts.wereRefusedAfterTheServer],
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
            <strong>{counts.refused.toLocaleString('en')}</strong>{' '}
            {counts.refused === 1 ? operationsTexts.is : operationsTexts.are} {operationsTexts.leftAlone}{' '}
            <label className={controls.secondary}>
              <input type="checkbox" checked={onlyRefused} onChange={(event) => setOnlyRefused(event.target.checked)} />{' '}
              {operationsTexts.showOnlyThese}
            </label>
          </li>
        )}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section ref={scroller} className={styles.scroll} tabIndex={0} aria-label={operationsTexts.whatWouldBeDone}>
        <ul className={styles.items} style={{ height }}>
          {rows.map(({ index, start }) => {
            const item = shown[index]
            if (!item) return null
            return (
              <li key={item.key} className={styles.item} style={{ transform: `translateY(${start}px)` }}>
                <span className={item.reason === null ? styles.way : styles.refused}>
                  {item.reason === null
                    ? item.way
                      ? wayWords[item.way]
                      : operationsTexts.toTheTrash
                    : operationsTexts.leftAloneWord}
                </span>
                <span
                  className={`mono ${controls.ellipsis} ${item.reason === null ? styles.whole : ''}`}
                  title={item.path ?? ''}
                >
                  {item.path ?? operationsTexts.aRecordWithoutAPath}
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
          {operationsTexts.theFirstOfAreListed(preview.items.length, total.toLocaleString('en'))}
        </p>
      )}
    </div>
  )
}
