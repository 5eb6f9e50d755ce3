import { randomBytes, timingSafeEqual } from 'node:crypto'

/** A browser that showed the token. Its cookie is sent only to its own path, so that no other port of this machine gets it. */
export interface Session {
  /** Of hex digits: the first part of every address of this session. */
  readonly id: string
  readonly cookie: string
}

/** What became of a token that was shown: wrong ones are counted, and refused in other words when there are many. */
export type Shown = Session | 'wrong' | 'too-many'

/** The token of this launch and the browsers that showed it. */
export interface Sessions {
  readonly token: string
  readonly show: (token: string) => Shown
  /** Does the cookie belong to the session of this id? */
  readonly isOpen: (id: string, cookieHeader: string | undefined) => boolean
}

const cookieName = 'rundesk_session'
const mostSessions = 64
const wrongTokensPerMinute = 10

/**
 * A token of 256 random bits for one launch. The right one is taken however many wrong ones were shown: nobody guesses it,
 * and whoever shows wrong ones must not be able to keep its owner out.
 */
export function createSessions({ now }: { readonly now: () => number }): Sessions {
  const token = randomBytes(32).toString('hex')
  const open = new Map<string, string>()
  let wrong: readonly number[] = []

  const begin = (): Session => {
    const [id, secret] = [randomBytes(12).toString('hex'), randomBytes(32).toString('hex')]
    const [oldest] = open.keys()
    if (open.size >= mostSessions && oldest !== undefined) open.delete(oldest)
    open.set(id, secret)
    return { id, cookie: `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/${id}/` }
  }
  return {
    token,
    show: (given) => {
      if (same(given, token)) return begin()
      const minuteAgo = now() - 60_000
      wrong = [...wrong.filter((at) => at > minuteAgo), now()].slice(-wrongTokensPerMinute - 1)
      return wrong.length > wrongTokensPerMinute ? 'too-many' : 'wrong'
    },
    isOpen: (id, cookieHeader) => {
      const secret = open.get(id)
      const cookies = (cookieHeader ?? '').split(/;\s*/)
      return secret !== undefined && cookies.some((cookie) => same(cookie, `${cookieName}=${secret}`))
    },
  }
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
