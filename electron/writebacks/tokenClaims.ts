import { z } from 'zod'

/** What a token says of itself. Nobody has verified it: it only tells which workspace it is for, and how long. */
export interface TokenClaims {
  readonly workspaceId: string | null
  readonly expiresAtMs: number | null
  readonly scopes: readonly string[] | null
}

const payloadSchema = z.looseObject({
  wks: z.string().optional().catch(undefined),
  workspace_id: z.string().optional().catch(undefined),
  exp: z.number().optional().catch(undefined),
  scopes: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(/\s+/).filter(Boolean))])
    .optional()
    .catch(undefined),
})

/** Reads the claims of a JSON web token, perhaps behind a prefix such as `relay_ws_`; null for any other text. */
export function readClaims(token: string): TokenClaims | null {
  const [, payload, signature] = token.replace(/^relay_(?:pa|ws|id|ag)_/, '').split('.')
  if (payload === undefined || signature === undefined) return null
  try {
    const { wks, workspace_id, exp, scopes } = payloadSchema.parse(
      JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')),
    )
    return {
      workspaceId: wks ?? workspace_id ?? null,
      expiresAtMs: exp === undefined ? null : exp * 1000,
      scopes: scopes ?? null,
    }
  } catch {
    return null
  }
}
