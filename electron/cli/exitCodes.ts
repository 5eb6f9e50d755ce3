import { assertNever, type ErrorCode } from '../../shared/outcome'

/** The exit codes of every command (docs/cli.md). */
export const exitCodes = { done: 0, failing: 1, usage: 2, cannotTell: 3, notPossible: 4 } as const

/** The exit code that tells an expected failure. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'usage':
    case 'invalid_workflow':
    case 'invalid_workspace':
    case 'ambiguous_id':
      return exitCodes.usage
    case 'unreadable':
    case 'locked':
    case 'unreachable':
    case 'internal':
      return exitCodes.cannotTell
    case 'not_found':
    case 'not_resumable':
    case 'not_cancellable':
    case 'needs_confirmation':
    case 'changed':
    case 'not_supported':
    case 'refused':
      return exitCodes.notPossible
    default:
      return assertNever(code)
  }
}
