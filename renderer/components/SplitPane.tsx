import { type ReactNode, useRef, useState } from 'react'
import { keyStep } from '../../shared/rules/pressedKeys'
import { keepSplit, readSplit } from '../state/splits'
import { windowTexts } from '../texts/en/window'
import styles from './SplitPane.module.css'

const [least, most, step] = [15, 85, 5]

/** One pane above the other, or beside it. The divider moves by pointer and by arrow keys, and stays where it was put. */
export function SplitPane({
  name,
  initial,
  narrow,
  beside = false,
  top,
  bottom,
}: {
  /** Names the divider: it is remembered by this name. */
  readonly name: string
  /** Where it stands at first: the upper, or left, pane's share in percent. */
  readonly initial: number
  /** What a window under 640 px shows. */
  readonly narrow: 'both' | 'top' | 'bottom'
  /** The panes stand left and right instead of above each other. */
  readonly beside?: boolean
  readonly top: ReactNode
  /** Without it the upper, or left, pane has all. */
  readonly bottom: ReactNode | null
}) {
  const [share, setShare] = useState(() => remembered(name) ?? initial)
  const pane = useRef<HTMLDivElement>(null)
  const put = (next: number): void => {
    const kept = Math.round(Math.max(least, Math.min(most, next)) * 10) / 10
    setShare(kept)
    keepSplit(name, kept)
  }
  const onDrag = (event: React.PointerEvent): void => {
    const box = pane.current?.getBoundingClientRect()
    if (box && event.currentTarget.hasPointerCapture(event.pointerId))
      put(beside ? (100 * (event.clientX - box.left)) / box.width : (100 * (event.clientY - box.top)) / box.height)
  }
  const onKey = (event: React.KeyboardEvent): void => {
    const side = keyStep(event, { back: 'divider-less', on: 'divider-more' })
    if (side === 0) return
    put(share + side * step)
    event.preventDefault()
    event.stopPropagation()
  }
  if (bottom === null) return <div className={styles.pane}>{top}</div>
  return (
    <div
      ref={pane}
      className={`${styles.pane} ${narrow === 'both' ? '' : narrow === 'top' ? styles.topOnly : styles.bottomOnly}`}
      style={{
        [beside ? 'gridTemplateColumns' : 'gridTemplateRows']:
          `minmax(64px, ${share}fr) 5px minmax(64px, ${100 - share}fr)`,
      }}
    >
      {top}
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved */}
      <div
        role="separator"
        aria-orientation={beside ? 'vertical' : 'horizontal'}
        aria-label={windowTexts.dividerOf(name)}
        aria-valuenow={Math.round(share)}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        className={`${styles.divider} ${beside ? styles.upright : ''}`}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onDrag}
        onKeyDown={onKey}
      />
      {bottom}
    </div>
  )
}

function remembered(name: string): number | null {
  const share = readSplit(name) ?? Number.NaN
  return share >= least && share <= most ? share : null
}
