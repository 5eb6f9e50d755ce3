/** The system error code (`ENOENT`, `EACCES`, …) of anything thrown, or undefined. */
export function errnoCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}
