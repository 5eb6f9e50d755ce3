import { useEffect, useState } from 'react'

/** The time in ms, told again every second while something that moves is shown. */
export function useNow(active = true): number {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!active) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [active])
  return nowMs
}
