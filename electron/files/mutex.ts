const tails = new Map<string, Promise<unknown>>()

/**
 * Runs the action after every earlier one of the same key has ended, in order. A failed action does not block the next.
 * Keys are real paths of the files that the actions change. Not re-entrant.
 */
export function withMutex<T>(key: string, action: () => Promise<T>): Promise<T> {
  const previous = tails.get(key) ?? Promise.resolve()
  const result = previous.then(action, action)
  const tail = result.then(
    () => undefined,
    () => undefined,
  )
  tails.set(key, tail)
  void tail.then(() => {
    if (tails.get(key) === tail) tails.delete(key)
  })
  return result
}
