/** What a token is replaced with. */
const hidden = '‹token›'

const shapes: readonly RegExp[] = [
  /\brelay_(?:pa|ws|id|ag)_[\w.-]+/gi,
  /\beyJ[\w-]{6,}(?:\.[\w-]+){0,4}/g,
  /(?<=\bBearer\s{1,20})[\w.~+/=-]{6,}/gi,
  /(?<=["']?\b(?:access_?|refresh_?|relayfile_?|webhook_?)?token["']?\s{0,20}[:=]\s{0,20}["']?)[\w.~+/-]{8,}=*/gi,
]

/**
 * The text without anything that looks like a token: a signed web token, what follows `Bearer` or `token`, and the
 * prefixes that relayfile gives its own. A server may answer with what it was sent, and an error may quote an address.
 */
export function scrubTokens(text: string): string {
  if (!/token|bearer|eyJ|relay_/i.test(text)) return text
  return shapes.reduce((rest, shape) => rest.replace(shape, hidden), text)
}
