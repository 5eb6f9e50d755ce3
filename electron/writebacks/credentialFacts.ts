import type { CredentialsFacts } from '../../shared/writebacks'
import { findCredentials, summaryOf } from './credentials'

/** What there is to send the writebacks of a workspace with that has these ids: presence, server, expiry and scopes, never a token. */
export async function credentialFacts(
  workspaceIds: readonly string[],
  { home, nowMs }: { readonly home: string; readonly nowMs: number },
): Promise<CredentialsFacts> {
  const workspace = { ids: workspaceIds, server: null, alone: false }
  return summaryOf(await findCredentials({ home, workspace, nowMs }))
}
