import { useState } from 'react'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { foldStack } from '../texts/foldStack'
import { counted } from '../texts/words'
import { PayloadText } from './PayloadText'

/** Longer errors are shown as any long text: nobody reads so many frames. */
const longest = 64 * 1024
/** So many frames of a stack are shown while it is folded. */
const shownFrames = 1

/** An error as it was told, the frames of its stack folded. */
export function ErrorText({ text }: { readonly text: string }) {
  const [open, setOpen] = useState(false)
  if (text.length > longest) return <PayloadText label={windowTexts.error} text={text} />
  const parts = foldStack(text)
  const frames = parts.reduce((sum, { kind, lines }) => sum + (kind === 'frames' ? lines.length - shownFrames : 0), 0)
  const shown = parts.flatMap(({ kind, lines }) =>
    kind === 'text' || open ? lines : [...lines.slice(0, shownFrames), `    … ${lines.length - shownFrames} more`],
  )
  return (
    <>
      <pre className={controls.code}>{shown.join('\n')}</pre>
      {frames > 0 && (
        <button type="button" className={controls.plain} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? windowTexts.foldTheStack : windowTexts.showTheWholeStack(counted(frames, windowTexts.moreLine))}
        </button>
      )}
    </>
  )
}
