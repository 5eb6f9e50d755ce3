import type { ProcessMark } from './processGroups'

/*
 * A mark that a process cannot lose with its environment: the soft limit of its resident set, which Linux has not heeded
 * since 2.4.30, which every child inherits, and which no shell, session or `env -i` resets. It says little, so that it
 * counts only for processes whose environment tells nothing: 24 bits of the run, 14 of the execution, 14 of the attempt.
 */
const fields = [
  { name: 'RUNDESK_RUN_ID', bits: 24n, shift: 28n },
  { name: 'RUNDESK_EXECUTION', bits: 14n, shift: 14n },
  { name: 'RUNDESK_ATTEMPT', bits: 14n, shift: 0n },
] as const
const flag = 1n << 52n

/** Tells the limit, in KiB as `ulimit -m` takes it, of everything that an attempt starts. About an EiB: nothing reaches it. */
export function limitMarks({
  runId,
  execution,
}: {
  readonly runId: string
  readonly execution: string
}): (attempt: string) => string {
  const [runField, executionField, attemptField] = fields
  const place = ({ bits, shift }: (typeof fields)[number], value: string): bigint => digest(value, bits) << shift
  const known = flag | place(runField, runId) | place(executionField, execution)
  return (attempt) => String(known | place(attemptField, attempt))
}

/** Does a limit, in bytes as /proc tells it, belong to what carries this mark? */
export function limitHasMark(limitBytes: string, mark: ProcessMark): boolean {
  if (!/^\d{17,20}$/.test(limitBytes)) return false
  const kib = BigInt(limitBytes) >> 10n
  const at = mark.indexOf('=')
  const field = fields.find(({ name }) => name === mark.slice(0, at))
  if (!field || kib >> 52n !== 1n) return false
  return ((kib >> field.shift) & ((1n << field.bits) - 1n)) === digest(mark.slice(at + 1), field.bits)
}

/** The same as a condition of the shell, on `$bytes`. */
export function limitMarkTest(mark: ProcessMark): string {
  const at = mark.indexOf('=')
  const field = fields.find(({ name }) => name === mark.slice(0, at))
  if (!field) return 'false'
  const { bits, shift } = field
  const value = `$((bytes >> ${10n + shift} & ${(1n << bits) - 1n}))`
  return `[ $((bytes >> 62)) -eq 1 ] && [ ${value} -eq ${digest(mark.slice(at + 1), bits)} ]`
}

/** FNV-1a, folded to so many bits. */
function digest(value: string, bits: bigint): bigint {
  let sum = 0x811c9dc5
  for (let at = 0; at < value.length; at++) sum = Math.imul(sum ^ value.charCodeAt(at), 0x01000193)
  const folded = (sum ^ (sum >>> 16)) >>> 0
  return BigInt(folded) & ((1n << bits) - 1n)
}
