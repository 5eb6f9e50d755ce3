import { actsTexts } from '../texts/en/acts'
import { showToast } from './toasts'

/** Puts a text on the clipboard, and says so. `what` names it, such as "the path". */
export function copyText(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => showToast({ tone: 'done', text: actsTexts.copiedWhat(what), action: null }),
    () => showToast({ tone: 'refused', text: actsTexts.theSystemDidNotLet(what), action: null }),
  )
}
