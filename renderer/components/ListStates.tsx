import type { ReactNode } from 'react'
import type { Failure } from '../../shared/outcome'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'

/** Nothing is known yet. */
export function LoadingRows() {
  return (
    <div role="status" aria-label={runTexts.loading}>
      {Array.from({ length: 10 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={index} className={controls.skeleton} />
      ))}
    </div>
  )
}

/** It could not be had: why, and a way to ask again. */
export function LoadFailure({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  return (
    <div className={controls.message} role="alert">
      <h2>{runTexts.thisCouldNotBeLoaded}</h2>
      <p>{failure.message}</p>
      <button type="button" className={controls.button} onClick={onRetry}>
        {runTexts.tryAgain}
      </button>
    </div>
  )
}

/** There is nothing, for a reason that the children tell. */
export function EmptyMessage({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={controls.message}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
