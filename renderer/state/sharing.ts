/** The new list with the old values that equal those at their places, so that whoever shows them sees what did not change. */
export function sharing<T>(old: readonly T[] | undefined, fresh: readonly T[]): readonly T[] {
  if (!old) return fresh
  return fresh.map((value, index) => {
    const known = old[index]
    return known !== undefined && isEqual(known, value) ? known : value
  })
}

/** Are two values, as JSON knows them, equal? */
function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [left, right] = [Object.entries(one), Object.entries(other)]
  if (left.length !== right.length || Array.isArray(one) !== Array.isArray(other)) return false
  const values = new Map(right)
  return left.every(([name, value]) => values.has(name) && isEqual(value, values.get(name)))
}
