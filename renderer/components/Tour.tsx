import { X } from 'lucide-react'
import { useState } from 'react'
import { navigate, parseRoute } from '../state/route'
import controls from '../styles/controls.module.css'
import { demoTexts } from '../texts/en/demo'
import { tourStops } from '../texts/tourStops'
import styles from './Tour.module.css'

/** A walk through the demo, above its screens. It covers nothing, and is gone for this window when it is closed. */
export function Tour() {
  const [at, setAt] = useState(-1)
  const [closed, setClosed] = useState(false)
  const stop = tourStops[at]
  const next = tourStops[at + 1]
  if (closed) return null
  const goTo = (index: number): void => {
    setAt(index)
    const hash = tourStops[index]?.hash
    if (hash !== undefined) navigate(parseRoute(hash))
  }
  return (
    <aside className={styles.tour} aria-label={demoTexts.tourOfTheDemo}>
      <p className={styles.text} role="status">
        {stop ? (
          <>
            <strong>{demoTexts.of(at + 1, tourStops.length, stop.title)}</strong> {stop.text}
          </>
        ) : (
          demoTexts.thisIsADemo
        )}
      </p>
      {at > 0 && (
        <button type="button" className={controls.button} onClick={() => goTo(at - 1)}>
          {demoTexts.previousStop}
        </button>
      )}
      <button
        type="button"
        className={`${controls.button} ${controls.primary}`}
        onClick={() => (next ? goTo(at + 1) : setClosed(true))}
      >
        {!stop ? demoTexts.beginTheTour : next ? demoTexts.nextStop : demoTexts.endTheTour}
      </button>
      <button
        type="button"
        className={controls.button}
        aria-label={demoTexts.closeTheTour}
        onClick={() => setClosed(true)}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </aside>
  )
}
