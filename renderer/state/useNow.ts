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

/** The time in ms, told again every half minute: for a list of times that are long past. */
export function useCoarseNow(): number {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), coarseMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}

const coarseMs = 30_000
