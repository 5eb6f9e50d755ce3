import { useEffect, useState } from 'react'
import { isCountedInSeconds } from '../texts/times'
import { createClock } from './clock'

const everySecond = createClock(1_000)
const everyHalfMinute = createClock(30_000)

/** The time in ms, told again every second while something on the screen counts them, else every half minute. */
export function useNow(countsSeconds = true): number {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => (countsSeconds ? everySecond(setNow) : everyHalfMinute(setNow)), [countsSeconds])
  return nowMs
}

/** The time in ms for what goes on, or ended less than a minute ago: both are told in seconds. */
export function useNowFor({ completedAt }: { readonly completedAt: string | null }): number {
  return useNow(completedAt === null || isCountedInSeconds(completedAt, Date.now()))
}
