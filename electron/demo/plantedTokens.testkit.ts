import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** Recognisable tokens for every place that may hold one (docs/formats-writebacks.md, "Credentials"), new for each test. */
export interface PlantedTokens {
  /** The token of each workspace that the server knows. */
  readonly acme: string
  readonly other: string
  readonly environment: string
  /** All tokens by where they are planted. */
  readonly places: Readonly<Record<string, string>>
}

/** What was planted, and where the rest of a test may write. */
export interface Plantation {
  readonly home: string
  readonly workspace: string
  /** Environment variables, some of them secret. */
  readonly env: Readonly<Record<string, string>>
  /** The files that hold tokens from the start, by path, with their contents. */
  readonly planted: ReadonlyMap<string, string>
}

/** The workspaces that the tokens are for. */
export const plantedWorkspaces = { acme: 'ws_acme', other: 'ws_other', environment: 'ws_env' } as const

export function makeTokens(): PlantedTokens {
  const acme = webToken(plantedWorkspaces.acme)
  const other = `relay_pa_${webToken(plantedWorkspaces.other)}`
  const environment = opaque()
  return {
    acme,
    other,
    environment,
    places: {
      'credentials.json': acme,
      'a delegated login': other,
      'the environment': environment,
      'a refresh token': opaque(),
      'delegated-credentials.json': webToken('ws_third'),
      'its refresh token': opaque(),
      'cloud-credentials.json': opaque(),
      'cloud-auth.json': webToken('ws_cloud'),
      'the refresh token of cloud-auth.json': opaque(),
      'bindings.json': opaque(),
      'the cloud environment': opaque(),
      'the refresh environment': opaque(),
      'the user part of an address': opaque(),
    },
  }
}

/** Plants the tokens in a home folder, in the environment, and, as servers that echo them do, in the evidence of three mounts. */
export async function plantTokens(
  root: string,
  { tokens, serverUrl }: { readonly tokens: PlantedTokens; readonly serverUrl: string },
): Promise<Plantation> {
  const [home, workspace] = [join(root, 'home'), join(root, 'payments')]
  const { places } = tokens
  const place = (name: string): string => places[name] ?? ''
  const planted = new Map<string, string>()
  const plant = async (path: string, value: unknown): Promise<void> => {
    await mkdir(dirname(path), { recursive: true })
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    await writeFile(path, text, { mode: 0o600 })
    planted.set(path, text)
  }
  const later = new Date(Date.now() + 86_400_000).toISOString()
  const withUser = serverUrl.replace('://', `://someone:${place('the user part of an address')}@`)
  const config = join(home, '.relayfile')
  const part = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24)

  await plant(join(config, 'credentials.json'), { server: serverUrl, token: tokens.acme, updatedAt: later })
  await plant(join(config, 'delegated', part(plantedWorkspaces.other), part('fs:read\nfs:write'), 'x.json'), 'unused')
  await plant(join(config, 'delegated', part(plantedWorkspaces.other), `${part('fs:read')}.json`), {
    relayfileUrl: withUser,
    relayfileWorkspaceId: plantedWorkspaces.other,
    accessToken: tokens.other,
    refreshToken: place('a refresh token'),
    accessTokenExpiresAt: later,
    scopes: ['fs:read', 'fs:write', 'ops:read', 'ops:replay'],
  })
  await plant(join(config, 'delegated-credentials.json'), {
    baseUrl: serverUrl,
    workspaceId: 'ws_third',
    relayfileToken: place('delegated-credentials.json'),
    relayfileRefreshToken: place('its refresh token'),
  })
  await plant(join(config, 'cloud-credentials.json'), {
    apiUrl: serverUrl,
    accessToken: place('cloud-credentials.json'),
  })
  await plant(join(home, '.agentworkforce', 'relay', 'cloud-auth.json'), {
    apiUrl: serverUrl,
    accessToken: place('cloud-auth.json'),
    refreshToken: place('the refresh token of cloud-auth.json'),
  })
  await plant(join(config, 'bindings.json'), { bindings: [{ webhookToken: place('bindings.json') }] })
  const workspaces = Object.entries(plantedWorkspaces).map(([name, id]) => ({
    name: id,
    id,
    createdAt: '2026-11-20T10:00:00Z',
    localDir: join(workspace, name),
    ...(name === 'other' ? {} : { server: serverUrl }),
  }))
  await plant(join(config, 'workspaces.json'), { default: plantedWorkspaces.acme, workspaces })
  for (const name of ['acme', 'other', 'environment'] as const)
    await plantMount(join(workspace, name), { token: tokens[name], workspaceId: plantedWorkspaces[name], plant })
  const env = {
    HOME: home,
    RELAYFILE_TOKEN: tokens.environment,
    RELAYFILE_WORKSPACE: plantedWorkspaces.environment,
    RELAYFILE_CLOUD_TOKEN: place('the cloud environment'),
    CLOUD_API_ACCESS_TOKEN: place('the cloud environment'),
    CLOUD_API_REFRESH_TOKEN: place('the refresh environment'),
  }
  return { home, workspace, env, planted }
}

/** A mount whose server answered with the caller's token, wherever a server's words are kept. */
async function plantMount(
  mount: string,
  {
    token,
    workspaceId,
    plant,
  }: {
    readonly token: string
    readonly workspaceId: string
    readonly plant: (path: string, value: unknown) => Promise<void>
  },
): Promise<void> {
  const relay = (path: string): string => join(mount, '.relay', path)
  const echo = `refused for Bearer ${token}`
  const body = JSON.stringify({ code: 'refused', message: echo })
  const at = '2026-11-20T10:00:00Z'
  await plant(relay('state.json'), {
    workspaceId,
    remoteRoot: '/',
    status: 'writeback-needs-attention',
    lastError: { kind: 'http', statusCode: 400, message: echo, at },
    providers: [{ provider: 'docs', status: 'error', lastError: echo }],
    stallReason: echo,
  })
  await plant(relay('permissions-denied.log'), `[${at}] WRITE_DENIED /docs/denied.md: ${echo} ?token=${token}\n`)
  await plant(relay('mount.log'), `${at} GET /v1/workspaces/${workspaceId}/fs/ws?from=now&token=${token}\n`)
  for (const [name, folder, change] of [
    ['stuck', 'pending', { needsAttention: true, attemptCount: 5 }],
    ['second', 'pending', { needsAttention: true, attemptCount: 5 }],
    ['rejected', 'failed', { opId: 'op_1', dispatchStatus: 'dead_lettered', needsAttention: true, attemptCount: 0 }],
    ['conflict', 'failed', { attemptCount: 1 }],
    ['unknown', null, {}],
  ] as const) {
    const content = `${name} here\n`
    await mkdir(join(mount, 'docs'), { recursive: true })
    await writeFile(join(mount, 'docs', `${name}.md`), content)
    const record = {
      commandId: `mountcmd_${name}`,
      workspaceId,
      remotePath: `/docs/${name}.md`,
      contentType: 'text/markdown',
      content,
      hash: createHash('sha256').update(content).digest('hex'),
      exists: true,
      status: folder ?? '',
      firstSeenAt: at,
      lastAttemptAt: at,
      lastError: name === 'conflict' ? `conflict: ${echo}` : `http 400 refused: ${echo}`,
      expectedRevision: 'rev_0',
      ...change,
    }
    if (folder !== null) await plant(relay(`outbox/${folder}/mountcmd_${name}.json`), record)
    const letter = { opId: `op_failed_${name}`, path: record.remotePath, attempts: 1, lastStatus: 400 }
    await plant(relay(`dead-letter/op_failed_${name}.json`), { ...letter, lastBody: body, ts: at })
    await plant(relay(`dead-letter/op_failed_${name}.error.json`), {
      code: 'provider_4xx',
      message: `writeback failed with HTTP 400: ${body}`,
      providerStatus: 400,
      providerResponse: { message: echo },
      attempts: 1,
      firstAttemptAt: at,
      lastAttemptAt: at,
      opId: letter.opId,
    })
  }
  await mkdir(relay('conflicts/docs'), { recursive: true })
  await writeFile(relay('conflicts/docs/conflict.md.rev_0.local'), 'mine\n')
}

const trash = join('.relay', 'rundesk', 'trash')

/**
 * Where any part of a token stands in the texts and files: `<place> in <where>`. The planted files themselves do not
 * count, nor do they where a dismissal has moved them: what the mount wrote is put aside as it is, and not copied.
 */
export async function huntTokens({
  tokens,
  texts,
  folder,
  planted = new Map(),
}: {
  readonly tokens: PlantedTokens
  /** What was said, by who said it. */
  readonly texts: Readonly<Record<string, string>>
  readonly folder: string
  readonly planted?: ReadonlyMap<string, string>
}): Promise<readonly string[]> {
  const found = new Set<string>()
  const look = (where: string, text: string): void => {
    for (const [place, token] of Object.entries(tokens.places))
      for (const at of partsOf(token).map((part) => text.indexOf(part)))
        if (at >= 0)
          found.add(`${place} in ${where}, after ${JSON.stringify(text.slice(Math.max(0, at - 60), at - 20))}`)
  }
  for (const [where, text] of Object.entries(texts)) look(where, text)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const text = await readFile(path, 'latin1').catch(() => '') // It may be gone by now; the bytes are looked at as they are.
    const moved = path.includes(trash) && [...planted].some(([from, was]) => was === text && !existsSync(from))
    if (planted.get(path) !== text && !moved) look(relative(folder, path), text)
  }
  return [...found].sort()
}

/** Pieces of a token of which each gives it away, also when it was cut. */
function partsOf(token: string): readonly string[] {
  const [, claims, signature] = token.split('.')
  if (claims === undefined || signature === undefined) return [token.slice(4, 20), token.slice(-16)]
  return [claims.slice(16, 40), signature.slice(0, 16), signature.slice(-16)]
}

function opaque(): string {
  return `tok${randomBytes(27).toString('base64url')}`
}

function webToken(workspaceId: string): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { jti: randomBytes(24).toString('hex'), wks: workspaceId, aud: 'relayfile' }
  const exp = Math.floor(Date.now() / 1000) + 86_400
  const all = { ...claims, exp, scopes: ['fs:read', 'fs:write', 'ops:read', 'ops:replay'] }
  return [encode({ alg: 'RS256', typ: 'JWT' }), encode(all), randomBytes(96).toString('base64url')].join('.')
}
