import { useEffect } from 'react'
import { isKey } from '../../../shared/rules/pressedKeys'
import { isTyping } from '../../state/keys'

/** `/` goes to the search field of the screen. */
export function useSearchKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'search') || isTyping(event)) return
      event.preventDefault()
      document.querySelector<HTMLInputElement>('input[type="search"]')?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
