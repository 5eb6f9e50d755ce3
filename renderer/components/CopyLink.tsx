import { Link } from 'lucide-react'
import { copyLink } from '../state/copyLink'
import type { Route } from '../state/route'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'

/** A small button that copies the link to a place. `what` names it, such as "the run". */
export function CopyLink({ route, what }: { readonly route: Route; readonly what: string }) {
  return (
    <button
      type="button"
      className={controls.plain}
      title={windowTexts.copyTheLinkTo(what)}
      aria-label={windowTexts.copyTheLinkTo(what)}
      onClick={() => copyLink(route, what)}
    >
      <Link size={13} aria-hidden />
    </button>
  )
}
