import { type DeliveryFacts, deliveryWays } from './deliveryWays'

export type RetryPermission = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly reason: string }

/** May this item be retried? The one rule for the button, the CLI and the desk. */
export function retryable(facts: DeliveryFacts): RetryPermission {
  const { reason } = deliveryWays(facts)
  return reason === null ? { kind: 'allowed' } : { kind: 'refused', reason }
}
