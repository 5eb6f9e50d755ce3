import { z } from 'zod'
import { RundeskError } from './outcome'

/** The scheme of links that lead to a place in Rundesk (docs/links.md). */
export const linkScheme = 'rundesk'

const maxLinkCharacters = 4096
/** The screens that lie in a workspace, and those that lie in none. */
const workspaceScreens = ['overview', 'runs', 'trajectories', 'writebacks', 'problems', 'start'] as const
/** These may have a part of their own behind them. */
const loneScreens = ['demo', 'settings', 'notices', 'diagnostics'] as const

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
const text = (max: number) =>
  z
    .string()
    .max(max, { error: `holds a part of more than ${max} characters` })
    .refine((value) => !control.test(value), { error: 'holds control characters' })

const placeSchema = z.object({
  workspaceId: z.string().regex(/^(all|[0-9a-f]{16})$/, { error: 'names no workspace' }),
  screen: z.enum(workspaceScreens, { error: 'names no screen' }),
  /** A view and an id, or an id alone. */
  rest: z
    .array(text(1024).min(1, { error: 'holds an empty part' }))
    .max(2, { error: 'has more parts than a place has' }),
})

const parametersSchema = z
  .array(
    z.tuple([z.string().regex(/^[a-zA-Z-]{1,32}$/, { error: 'holds a parameter of an unknown form' }), text(1000)]),
  )
  .max(40, { error: 'holds more than 40 parameters' })

/**
 * The address behind `#` in a window for a link such as `rundesk://w/all/runs/0a1b?tab=Log`. Nothing but the form is
 * looked at: whether there is such a run shows when it is opened. Throws `usage`, in words, for whatever is no link.
 */
export function parseLink(link: string): string {
  const shown = JSON.stringify(link.slice(0, 80))
  const refuse = (why: string): never => {
    throw new RundeskError('usage', `The link ${shown} ${why}, so it was not opened. Copy it again where it came from.`)
  }
  if (link.length > maxLinkCharacters) refuse(`is longer than ${maxLinkCharacters} characters`)
  const parts = /^rundesk:\/\/([^?#]*)(?:\?([^#]*))?$/i.exec(link.trim())
  if (!parts) return refuse('does not begin with rundesk:// or has a part behind #')
  const [, path = '', query = ''] = parts
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part)
    } catch {
      return refuse('holds a % that stands for nothing')
    }
  }
  const names = path.replace(/\/$/, '').split('/').map(decode)
  const pairs = query.split('&').filter((pair) => pair !== '')
  const given = pairs.map((pair) =>
    [/^[^=]*/, /(?<==).*$/s].map((half) => decode((half.exec(pair)?.[0] ?? '').replaceAll('+', ' '))),
  )
  const parameters = check(parametersSchema, given, refuse)
  const [first = '', workspaceId = '', screen = '', ...rest] = names
  const end = parameters.length === 0 ? '' : `?${parameters.map((pair) => pair.map(encode).join('=')).join('&')}`
  if (loneScreens.some((name) => name === first) && names.length <= 2 && names.slice(1).every(isPart))
    return `#/${names.join('/')}${end}`
  if (first !== 'w') return refuse('names no place that Rundesk has')
  const place = check(placeSchema, { workspaceId, screen, rest }, refuse)
  return `#/${['w', place.workspaceId, place.screen, ...place.rest].map(encodeURIComponent).join('/')}${end}`
}

function isPart(name: string): boolean {
  return /^[a-z-]{1,32}$/.test(name)
}

/** As the addresses of windows have it: a space is a plus. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('%20', '+')
}

/** The link to the place with this address behind `#`. */
export function toLink(hash: string): string {
  return `${linkScheme}://${hash.replace(/^#?\/?/, '')}`
}

/** Is it meant as a link, rather than as a path? */
export function isLink(value: string): boolean {
  return /^\s*rundesk:/i.test(value)
}

function check<T>(schema: z.ZodType<T>, value: unknown, refuse: (why: string) => never): T {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : refuse(parsed.error.issues[0]?.message ?? 'is no link')
}
