import './withoutEval'
import './styles/tokens.css'
import './styles/frame.css'

/** Longer than any frame takes; a window that nobody sees may have none. */
const mostMs = 200

// The frame of the page (index.html) is painted before the long work of beginning.
await new Promise<void>((painted) => {
  requestAnimationFrame(() => setTimeout(painted))
  setTimeout(painted, mostMs)
})
await import('./begin')
