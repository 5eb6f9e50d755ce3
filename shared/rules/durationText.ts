const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof unitsMs

/** A duration as a person types it, `90s`, `1h 30m`, `250 ms`, in ms; a bare number is seconds. Null when it is none. */
export function parseDurationMs(text: string): number | null {
  const trimmed = text.trim().toLowerCase()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * unitsMs.s)
  if (!/^(\d+(\.\d+)?\s*(ms|s|m|min|h|d)\s*)+$/.test(trimmed)) return null
  let sum = 0
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g))
    sum += Number(number) * unitsMs[(unit === 'min' ? 'm' : unit) as Unit]
  return Math.round(sum)
}

/** The shortest text that `parseDurationMs` reads as this: `1h30m`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s'
  let rest = ms
  const parts: string[] = []
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / unitsMs[unit])
    rest -= count * unitsMs[unit]
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.join('')
}
