import type { StatusWord } from '../texts/words'
import styles from './StatusMark.module.css'

/** A status as shape, colour and, unless the word stands beside it anyway, word. */
export function StatusMark({ status, wordless = false }: { readonly status: StatusWord; readonly wordless?: boolean }) {
  return (
    <span className={styles.mark} title={wordless ? status.word : undefined}>
      <svg
        width="14"
        height="14"
        viewBox="0 0 14 14"
        aria-hidden="true"
        className={`${styles[status.tone]} ${status.shape === 'dot' ? styles.pulse : ''}`}
      >
        {shapes[status.shape]}
      </svg>
      <span className={wordless ? styles.hidden : styles.word}>{status.word}</span>
    </span>
  )
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const
const ring = <circle cx="7" cy="7" r="5" {...line} strokeWidth={1.6} />

const shapes: Readonly<Record<StatusWord['shape'], React.ReactNode>> = {
  dot: <circle cx="7" cy="7" r="4.5" fill="currentColor" />,
  ring,
  check: <path d="M2.5 7.5 5.5 10.5 11.5 3.5" {...line} />,
  cross: <path d="M3 3 11 11 M11 3 3 11" {...line} />,
  slash: (
    <>
      {ring}
      <path d="M4 10 10 4" {...line} strokeWidth={1.6} />
    </>
  ),
  question: <path d="M4.2 5a2.8 2.8 0 1 1 4 2.5C7.3 8 7 8.4 7 9.2 M7 12v.1" {...line} strokeWidth={1.8} />,
  retry: <path d="M11.5 7A4.5 4.5 0 1 1 9.8 3.5 M10 1v3H7" {...line} strokeWidth={1.7} />,
  pause: <path d="M5 3v8 M9 3v8" {...line} />,
  dash: <path d="M3 7h8" {...line} />,
}
