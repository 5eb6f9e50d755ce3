import controls from '../styles/controls.module.css'
import { withLocalTimes } from '../texts/times'

/** Why something was not done, told at once; nothing while there is no reason. */
export function Refusal({ text }: { readonly text: string | null }) {
  return (
    text !== null && (
      <p role="alert" className={controls.refusal}>
        {withLocalTimes(text)}
      </p>
    )
  )
}
