/** The end of a path, which tells more than its beginning: its file and the folder around it. The whole belongs into the title. */
export function shortPath(path: string): string {
  const parts = path.split(/(?<=[/\\])/)
  return parts.length <= 3 ? path : `…${/\\$/.test(parts.at(-2) ?? '') ? '\\' : '/'}${parts.slice(-2).join('')}`
}
