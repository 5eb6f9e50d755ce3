/** Where a damaged document of Rundesk's own is kept aside, beside it. */
export function asidePath(path: string): string {
  return `${path}.corrupt-${new Date().toISOString().replaceAll(':', '-')}`
}
