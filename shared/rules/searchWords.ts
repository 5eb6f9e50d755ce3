/** The words of a search, in lower case; what stands in double quotes is one word. */
export function searchWords(search: string): readonly string[] {
  return [...search.toLowerCase().matchAll(/"([^"]*)"|(\S+)/g)]
    .map(([, quoted, word]) => quoted ?? word ?? '')
    .filter((word) => word !== '')
}
