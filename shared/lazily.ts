/** Stands for what `make` gives, which is made when it is first asked for anything. */
export function lazily<T extends object>(make: () => T): T {
  let made: T | undefined
  const whole = (): T => {
    made ??= make()
    return made
  }
  const standIn = new Proxy(
    {},
    {
      get: (_nothing, name) => Reflect.get(whole(), name),
      set: (_nothing, name, value) => Reflect.set(whole(), name, value),
      has: (_nothing, name) => Reflect.has(whole(), name),
      getPrototypeOf: () => Reflect.getPrototypeOf(whole()),
    },
  )
  return standIn as T
}
