import { createStore } from 'zustand/vanilla'
import { withLocalTimes } from '../texts/times'

/** A short message about something that was done, or not. */
export interface Toast {
  readonly id: number
  readonly tone: 'done' | 'refused'
  readonly text: string
  readonly action: { readonly label: string; readonly run: () => void } | null
}

export const toastStore = createStore<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

const shownMs = 10_000
let nextId = 1

/** Shows a message for ten seconds; its action, such as Undo, goes with it. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = nextId++
  const text = withLocalTimes(toast.text)
  toastStore.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { ...toast, text, id }] }))
  setTimeout(() => dismissToast(id), shownMs)
}

/** Takes a message away. */
export function dismissToast(id: number): void {
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}

/** Tells that something was refused, and why. */
export function refuse(error: Error): void {
  showToast({ tone: 'refused', text: error.message, action: null })
}
