import type { IncomingHttpHeaders } from 'node:http'

const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * Is this the name of the machine that the browser runs on? Any port: one that is forwarded (`ssh -L`) is another than ours.
 * A name that a stranger makes resolve to this machine (DNS rebinding) is none of these.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && loopbackHost.test(host)
}

/** Does a page that this server served ask, and none of another scheme, name or port? */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  return isLoopbackHost(host) && origin === `http://${host}`
}

/** Where a browser says that a request comes from, as far as it matters. Programs and old browsers say nothing. */
export type Arrival =
  /** A page of ours, the address bar, or nobody said. */
  | 'ours'
  /** A person followed a link of another page. */
  | 'link'
  /** Another page wants it as a picture, a script, a frame or data of its own. */
  | 'embedding'

/** Reads the Fetch Metadata headers (W3C Fetch Metadata Request Headers). */
export function arrivalOf(headers: IncomingHttpHeaders): Arrival {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return 'ours'
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' ? 'link' : 'embedding'
}
