import { RundeskError } from '../../shared/outcome'
import type { Permission } from '../../shared/rules/runActs'
import { sentence } from '../runner/cancelRun'

/** Throws what a rule says against an act: `refused` with its reason, or `needs_confirmation` with its question. */
export function permit(permission: Permission, confirmed: boolean): void {
  if (permission.kind === 'refused') throw new RundeskError('refused', sentence(permission.reason))
  if (permission.kind === 'confirm' && !confirmed)
    throw new RundeskError('needs_confirmation', permission.question, { details: { question: permission.question } })
}
