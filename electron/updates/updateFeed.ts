import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { errnoCode } from '../files/errnoCode'

/** Where a released build gets newer ones from. It is made at build (electron.vite.config.ts) and lies in the package's archive. */
const updateFeedSchema = z.object({
  /** The folder on a server that holds the manifests, their signatures and the packages. */
  url: z.url({ protocol: /^https?$/ }),
  /** The Ed25519 key that manifests are signed with: its public half as base64 of DER (SPKI). */
  publicKey: z.string().min(1),
  /** The page that a person downloads packages from. */
  page: z.url({ protocol: /^https?$/ }),
})
export type UpdateFeed = z.infer<typeof updateFeedSchema>

/** Reads the feed that was built in; null for a build without one. Throws when it is damaged. */
export async function readUpdateFeed(path: string): Promise<UpdateFeed | null> {
  try {
    return updateFeedSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return null
    throw error
  }
}
