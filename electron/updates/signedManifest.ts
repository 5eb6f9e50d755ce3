import { createPublicKey, verify } from 'node:crypto'
import { parse } from 'yaml'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'

/** A name beside the manifest; never another server or folder. */
const fileName = z.string().regex(/^[\w][\w.+ ()-]*$/)
const sha512 = z.string().regex(/^[A-Za-z0-9+/]{86}==$/)

/** What electron-builder writes of a release, as far as it is used. */
const manifestSchema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/),
  files: z.array(z.object({ url: fileName, sha512, size: z.number().int().positive() })).min(1),
  path: fileName,
  sha512,
  releaseDate: z.string().default(''),
})
export type Manifest = z.infer<typeof manifestSchema>

/**
 * Reads the manifest of a release once its signature was checked: Ed25519 over its bytes, as base64. Throws `refused`, with
 * words, when it is not signed with this key or says something else than a manifest does.
 */
export function readSignedManifest({
  name,
  text,
  signature,
  publicKey,
}: {
  readonly name: string
  readonly text: string
  readonly signature: string
  readonly publicKey: string
}): Manifest {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  if (!verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature.trim(), 'base64'))) {
    throw new RundeskError(
      'refused',
      `The signature of ${name} does not fit: somebody changed it, or it is not from the makers of Rundesk. Nothing was downloaded.`,
    )
  }
  const parsed = manifestSchema.safeParse(parseYaml(text))
  if (!parsed.success) {
    throw new RundeskError('refused', `${name} is signed, but no list of a release. Nothing was downloaded.`)
  }
  return parsed.data
}

function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
