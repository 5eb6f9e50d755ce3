/** Waits until the condition gives something other than undefined, null or false. Fails after half a minute, with what was waited for. */
export async function eventually<T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const end = Date.now() + 30_000; ; ) {
    const value = await condition()
    if (value !== undefined && value !== null && value !== false) return value
    if (Date.now() > end) throw new Error(`Waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
