import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { CredentialsFacts } from '../../shared/writebacks'
import { readClaims, type TokenClaims } from './tokenClaims'

/** Credentials of one workspace. The token is only in what `authorization` gives, so that no record that is shown or written holds it. */
export interface Credentials {
  readonly kind: 'legacy' | 'delegated' | 'environment'
  /** The server's host. */
  readonly server: string
  /** The base address of the server, without a slash at its end. */
  readonly serverUrl: string
  /** The workspace as the server's paths name it. */
  readonly workspaceId: string
  readonly expiresAt: string | null
  readonly expired: boolean
  readonly scopes: readonly string[]
  /** The value of the Authorization header. */
  readonly authorization: () => string
}

/** The workspace that credentials are looked for. */
export interface WorkspaceIdentity {
  /** Every id that names it: of its state file and of its record in the registry. The first one is used with the server. */
  readonly ids: readonly string[]
  /** The server that the registry names for it. */
  readonly server: string | null
  /** Is it the only workspace of this home? Then a token that names no workspace is taken to be its own. */
  readonly alone: boolean
}

const text = z.string().min(1).optional().catch(undefined)
const texts = z.array(z.string()).optional().catch(undefined)
const legacySchema = z.looseObject({ server: text, token: text })
const delegatedSchema = z.looseObject({
  relayfileUrl: text,
  baseUrl: text,
  server: text,
  relayfileWorkspaceId: text,
  workspaceId: text,
  accessToken: text,
  token: text,
  relayfileToken: text,
  accessTokenExpiresAt: text,
  delegationNotAfter: text,
  scopes: texts,
})

const maxFileBytes = 1024 * 1024
const maxFiles = 1_000
const defaultServer = 'https://file.agentrelay.com'
type Environment = Readonly<Record<string, string | undefined>>

interface Found {
  readonly kind: Credentials['kind']
  readonly token: string
  readonly server: string | undefined
  readonly workspaceId: string | undefined
  readonly expiresAt: readonly (string | undefined)[]
  readonly scopes: readonly string[] | undefined
}

/**
 * The credentials of this workspace and no other: of the environment, of a delegated login, or of credentials.json when
 * its token is this workspace's (docs/formats-writebacks.md, "Credentials"). Valid ones win over expired ones; null when
 * there are none. Files that cannot be read are as if they were not there. Never copies or writes a token.
 */
export async function findCredentials({
  home,
  workspace,
  env = process.env,
  nowMs = Date.now(),
}: {
  readonly home: string
  readonly workspace: WorkspaceIdentity
  readonly env?: Environment
  readonly nowMs?: number
}): Promise<Credentials | null> {
  const [id] = workspace.ids
  if (id === undefined) return null
  const all = [
    ...fromEnvironment(env),
    ...(await fromDelegated(home, { env, ids: workspace.ids })),
    ...(await fromLegacy(home)),
  ]
  const own = all.flatMap((found) => {
    const claims = readClaims(found.token)
    return belongs(found, claims, { workspace, env }) ? [toCredentials(found, claims, { workspace, env, nowMs })] : []
  })
  return own.find(({ expired }) => !expired) ?? own[0] ?? null
}

/** What may be shown of credentials, never a token. */
export function summaryOf(credentials: Credentials | null): CredentialsFacts {
  if (credentials === null) return noCredentials
  const { kind, server, expiresAt, expired, scopes } = credentials
  return { present: true, kind, server, expiresAt, expired, scopes: [...scopes] }
}

export const noCredentials: CredentialsFacts = {
  present: false,
  kind: null,
  server: null,
  expiresAt: null,
  expired: false,
  scopes: [],
}

function belongs(
  { kind, workspaceId }: Found,
  claims: TokenClaims | null,
  { workspace, env }: { readonly workspace: WorkspaceIdentity; readonly env: Environment },
): boolean {
  const named = claims?.workspaceId ?? workspaceId
  if (named !== undefined && named !== null) return workspace.ids.includes(named)
  if (kind === 'environment') return workspace.ids.includes(env.RELAYFILE_WORKSPACE ?? '')
  return kind === 'legacy' && workspace.alone
}

function toCredentials(
  { kind, token, server, expiresAt, scopes }: Found,
  claims: TokenClaims | null,
  {
    workspace,
    env,
    nowMs,
  }: { readonly workspace: WorkspaceIdentity; readonly env: Environment; readonly nowMs: number },
): Credentials {
  const ends = [...expiresAt.map((at) => Date.parse(at ?? '')), claims?.expiresAtMs ?? Number.NaN]
  const knownEnds = ends.filter((ms) => !Number.isNaN(ms))
  const endMs = knownEnds.length === 0 ? null : Math.min(...knownEnds)
  const serverUrl = (
    workspace.server ??
    (env.RELAYFILE_SERVER || env.RELAYFILE_BASE_URL || undefined) ??
    server ??
    defaultServer
  ).replace(/\/+$/, '')
  return {
    kind,
    server: hostOf(serverUrl),
    serverUrl,
    workspaceId: claims?.workspaceId ?? workspace.ids[0] ?? '',
    expiresAt: endMs === null ? null : new Date(endMs).toISOString(),
    expired: endMs !== null && endMs <= nowMs,
    scopes: [...(claims?.scopes ?? scopes ?? [])],
    authorization: () => `Bearer ${token}`,
  }
}

function fromEnvironment(env: Environment): readonly Found[] {
  const token = env.RELAYFILE_TOKEN
  if (!token) return []
  return [{ kind: 'environment', token, server: undefined, workspaceId: undefined, expiresAt: [], scopes: undefined }]
}

async function fromLegacy(home: string): Promise<readonly Found[]> {
  const parsed = legacySchema.safeParse(await readJson(join(home, '.relayfile', 'credentials.json')))
  if (!parsed.success || !parsed.data.token) return []
  const { token, server } = parsed.data
  return [{ kind: 'legacy', token, server, workspaceId: undefined, expiresAt: [], scopes: undefined }]
}

async function fromDelegated(
  home: string,
  { env, ids }: { readonly env: Environment; readonly ids: readonly string[] },
): Promise<readonly Found[]> {
  const root = join(home, '.relayfile')
  const named = [env.RELAYFILE_DELEGATED_CREDENTIALS_FILE, env.RELAYFILE_MOUNT_CREDS_FILE].flatMap((file) => file || [])
  const files: { readonly path: string; readonly owner?: string }[] = named.map((path) => ({ path }))
  files.push({ path: join(root, 'delegated-credentials.json') })
  for (const owner of ids) {
    const folder = join(root, 'delegated', createHash('sha256').update(owner).digest('hex').slice(0, 24))
    for (const name of await names(folder)) if (name.endsWith('.json')) files.push({ path: join(folder, name), owner })
  }
  const found: Found[] = []
  for (const { path, owner } of files.slice(0, maxFiles)) {
    const parsed = delegatedSchema.safeParse(await readJson(path))
    if (!parsed.success) continue
    const { accessToken, token, relayfileToken, ...rest } = parsed.data
    const chosen = accessToken ?? token ?? relayfileToken
    if (chosen === undefined) continue
    found.push({
      kind: 'delegated',
      token: chosen,
      server: rest.relayfileUrl ?? rest.baseUrl ?? rest.server,
      workspaceId: rest.relayfileWorkspaceId ?? rest.workspaceId ?? owner,
      expiresAt: [rest.accessTokenExpiresAt, rest.delegationNotAfter],
      scopes: rest.scopes,
    })
  }
  return found
}

async function names(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort()
}

async function readJson(path: string): Promise<unknown> {
  try {
    const file = await stat(path)
    if (!file.isFile() || file.size > maxFileBytes) return undefined
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined // Whoever shows credentials says that there are none; an error could name what is in the file.
  }
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return ''
  }
}
