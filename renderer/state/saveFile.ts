import type { Output } from '../../shared/contract'
import { actsTexts } from '../texts/en/acts'
import { showToast } from './toasts'

const keptMs = 60_000

/** Lets the browser, or Electron's dialog, save an exported file, and tells when it does not hold everything. */
export function saveFile({ text, name, cut }: Output<'writebacks:export'>): void {
  const type = name.endsWith('.json') ? 'application/json' : 'text/csv'
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), keptMs)
  if (cut) showToast({ tone: 'refused', text: actsTexts.holdsTheFirstOnly(name), action: null })
}
