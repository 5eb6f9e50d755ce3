import { InvalidArgumentError } from 'commander'

/** A number of things per second. */
export function toRate(value: string): number {
  const number = Number(value)
  if (number >= 0.01 && number <= 100_000) return number
  throw new InvalidArgumentError('Give a number from 0.01 to 100,000.')
}

/** A whole number from 1 on. */
export function toCount(value: string): number {
  const number = toNumber(value, { whole: true })
  if (number > 0) return number
  throw new InvalidArgumentError('Give a whole number from 1 on.')
}

/** A port, or 0 for a free one. */
export function toPort(value: string): number {
  const port = toNumber(value, { whole: true })
  if (port <= 65_535) return port
  throw new InvalidArgumentError('Give a port from 1 to 65535, or 0 for a free one.')
}

/** A number of minutes above 0. */
export function toIdleMinutes(value: string): number {
  const minutes = toNumber(value, { whole: false })
  if (minutes > 0) return minutes
  throw new InvalidArgumentError('Give a number of minutes above 0; leave it out for never.')
}

/** A whole number from 0 on. */
export function toWhole(value: string): number {
  return toNumber(value, { whole: true })
}

/** A number of seconds from 0 on. */
export function toSeconds(value: string): number {
  return toNumber(value, { whole: false })
}

function toNumber(value: string, { whole }: { readonly whole: boolean }): number {
  const number = Number(value)
  if (value.trim() === '' || !(number >= 0) || !Number.isFinite(number) || (whole && !Number.isSafeInteger(number)))
    throw new InvalidArgumentError(
      number > Number.MAX_SAFE_INTEGER
        ? 'That is too large a number.'
        : `Give a ${whole ? 'whole ' : ''}number from 0 on.`,
    )
  return number
}
