import { Link } from 'lucide-react'
import { copyLink } from '../state/copyLink'
import type { Route } from '../state/route'
import controls from '../styles/controls.module.css'

/** A small button that copies the link to a place. `what` names it, such as "the run". */
export function CopyLink({ route, what }: { readonly route: Route; readonly what: string }) {
  return (
    <button
      type="button"
      className={controls.plain}
      title={`Copy the link to ${what}`}
      aria-label={`Copy the link to ${what}`}
      onClick={() => copyLink(route, what)}
    >
      <Link size={13} aria-hidden style={{ verticalAlign: 'middle' }} />
    </button>
  )
}
