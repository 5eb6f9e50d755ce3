/** The system error code (`ENOENT`, `EACCES`, …) of anything thrown, or undefined. */
export function errnoCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' && /^E[A-Z0-9]+$/.test(thrown.code) ? thrown.code : undefined
}
