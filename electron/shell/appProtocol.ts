import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { containedPath } from '../files/containedPath'
import { mimeTypeOf, securityHeaders } from '../host/contentSecurity'

const scheme = 'rundesk-app'

/** The one page that the window shows. */
export const appUrl = `${scheme}://app/index.html`

/** Is this address the window's own page? */
export function isAppUrl(url: string): boolean {
  try {
    const { protocol: used, host } = new URL(url)
    return used === `${scheme}:` && host === 'app'
  } catch {
    return false
  }
}

/** Is this a file that the page itself made, for a person to save? */
export function isOwnBlob(url: string): boolean {
  return url.startsWith(`blob:${scheme}://app/`)
}

/** Must be called before the app is ready: makes the scheme a standard, secure origin of its own. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built window from its folder, nothing else, with the security headers. */
export function serveAppProtocol(session: Session, rendererDir: string): void {
  session.protocol.handle(scheme, async (request) => {
    if (!isAppUrl(request.url) || request.method !== 'GET') return new Response('refused', { status: 403 })
    try {
      const path = containedPath(rendererDir, decodeURIComponent(new URL(request.url).pathname))
      return new Response(new Uint8Array(await readFile(path)), {
        headers: { ...securityHeaders, 'Content-Type': mimeTypeOf(path) },
      })
    } catch {
      return new Response('There is no such file.', { status: 404 })
    }
  })
}
