import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { CredentialsFacts } from '../../shared/writebacks'

export const noCredentials: CredentialsFacts = {
  present: false,
  kind: null,
  server: null,
  expiresAt: null,
  expired: false,
  scopes: [],
}

const text = z.string().optional().catch(undefined)
const fileSchema = z.looseObject({
  server: text,
  relayfileUrl: text,
  baseUrl: text,
  relayfileWorkspaceId: text,
  workspaceId: text,
  token: text,
  accessToken: text,
  relayfileToken: text,
  accessTokenExpiresAt: text,
  scopes: z.array(z.string()).optional().catch(undefined),
})
type CredentialsFile = z.infer<typeof fileSchema>
const claimsSchema = z.looseObject({
  wks: text,
  workspace_id: text,
  exp: z.number().optional().catch(undefined),
  scopes: z.array(z.string()).optional().catch(undefined),
})

/**
 * What there is to send a workspace's writebacks with: presence, server, expiry and scopes, never a token. A file of
 * another workspace does not count (docs/formats-writebacks.md, "Credentials").
 */
export async function credentialFacts(
  workspaceIds: readonly string[],
  { home, nowMs }: { readonly home: string; readonly nowMs: number },
): Promise<CredentialsFacts> {
  const root = join(home, '.relayfile')
  const found: CredentialsFacts[] = []
  for (const id of new Set(workspaceIds)) {
    const folder = join(root, 'delegated', createHash('sha256').update(id).digest('hex').slice(0, 24))
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'))
    for (const name of names) {
      const file = await readCredentials(join(folder, name))
      const owner = file?.relayfileWorkspaceId ?? file?.workspaceId
      if (file && (owner === undefined || owner === id)) found.push(factsOf(file, 'delegated', nowMs))
    }
  }
  const shared = await readCredentials(join(root, 'delegated-credentials.json'))
  if (shared && workspaceIds.includes(shared.relayfileWorkspaceId ?? shared.workspaceId ?? ''))
    found.push(factsOf(shared, 'delegated', nowMs))
  const legacy = await readCredentials(join(root, 'credentials.json'))
  if (legacy && isFor(legacy, workspaceIds)) found.push(factsOf(legacy, 'legacy', nowMs))
  return found.find(({ expired }) => !expired) ?? found[0] ?? noCredentials
}

async function readCredentials(path: string): Promise<CredentialsFile | undefined> {
  try {
    const file = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return tokenOf(file) ? file : undefined
  } catch {
    return undefined
  }
}

function tokenOf(file: CredentialsFile): string | undefined {
  return file.accessToken || file.token || file.relayfileToken || undefined
}

/** A token that names a workspace is for that one; one that names none may be for any. */
function isFor(file: CredentialsFile, workspaceIds: readonly string[]): boolean {
  const claims = claimsOf(tokenOf(file) ?? '')
  const owner = claims?.wks ?? claims?.workspace_id
  return owner === undefined || workspaceIds.includes(owner)
}

function factsOf(file: CredentialsFile, kind: 'legacy' | 'delegated', nowMs: number): CredentialsFacts {
  const claims = claimsOf(tokenOf(file) ?? '')
  const ends = file.accessTokenExpiresAt === undefined ? Number.NaN : Date.parse(file.accessTokenExpiresAt)
  const expMs = Number.isNaN(ends) ? (claims?.exp ?? Number.NaN) * 1000 : ends
  const known = Math.abs(expMs) < 8.64e15
  return {
    present: true,
    kind,
    server: hostOf(file.relayfileUrl ?? file.baseUrl ?? file.server),
    expiresAt: known ? new Date(expMs).toISOString() : null,
    expired: known && expMs <= nowMs,
    scopes: [...(file.scopes ?? claims?.scopes ?? [])],
  }
}

/** What a signed token says of itself; it is not checked here, only shown. */
function claimsOf(token: string): z.infer<typeof claimsSchema> | undefined {
  const body = /(?:^|_)eyJ[\w-]*\.([\w-]+)\./.exec(token)?.[1]
  if (body === undefined) return undefined
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}

function hostOf(address: string | undefined): string | null {
  try {
    return address === undefined ? null : new URL(address).host
  } catch {
    return null
  }
}
