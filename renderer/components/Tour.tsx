import { X } from 'lucide-react'
import { useState } from 'react'
import { navigate, parseRoute } from '../state/route'
import controls from '../styles/controls.module.css'
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
    <aside className={styles.tour} aria-label="Tour of the demo">
      <p className={styles.text} role="status">
        {stop ? (
          <>
            <strong>
              {at + 1} of {tourStops.length}: {stop.title}.
            </strong>{' '}
            {stop.text}
          </>
        ) : (
          'This is a demo with a practice server. A tour of three minutes shows what Rundesk does.'
        )}
      </p>
      {at > 0 && (
        <button type="button" className={controls.button} onClick={() => goTo(at - 1)}>
          Previous stop
        </button>
      )}
      <button
        type="button"
        className={`${controls.button} ${controls.primary}`}
        onClick={() => (next ? goTo(at + 1) : setClosed(true))}
      >
        {!stop ? 'Begin the tour' : next ? 'Next stop' : 'End the tour'}
      </button>
      <button type="button" className={controls.button} aria-label="Close the tour" onClick={() => setClosed(true)}>
        <X size={14} aria-hidden="true" />
      </button>
    </aside>
  )
}
