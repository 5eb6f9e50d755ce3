import { hash } from 'node:crypto'

/** The stable key of an item: of a path in a mount. */
export function itemKey(localDir: string, what: string): string {
  return sha16(`${localDir}\0${what}`)
}

/** The first 16 hex digits of a text's SHA-256. */
export function sha16(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16)
}
