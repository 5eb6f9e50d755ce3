import { toLink } from '../../shared/links'
import { paletteTexts } from '../texts/en/palette'
import { copyText } from './copyText'
import { type Route, toHash } from './route'

/**
 * Puts the link to a place on the clipboard. In a browser it is the page's own address, without the token of a launch;
 * else one that the system opens in Rundesk. `what` names the place, such as "the run".
 */
export function copyLink(route: Route, what: string): void {
  const hash = toHash(route)
  const link = window.rundesk ? toLink(hash) : `${location.origin}${location.pathname}${hash}`
  copyText(link, paletteTexts.theLinkTo(what))
}
