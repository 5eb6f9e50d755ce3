import { join } from 'node:path'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { createJsonFile } from '../api/jsonFile'
import type { SecretStore } from '../sources/secretStore'

/** Seals texts so that this user alone can open them again. */
export interface Sealer {
  /** Why it cannot, in words; null when it can, as far as that is known without asking a person. */
  readonly unavailable: () => string | null
  readonly seal: (text: string) => Promise<Buffer>
  readonly open: (sealed: Buffer) => Promise<string>
}

const fileSchema = z.object({ version: z.literal(1), sealed: z.record(z.string().max(200), z.string().max(32_768)) })

/** Keeps secrets in `keychain.json` of the data folder, sealed: the file holds nothing that can be read without the keychain. */
export function createSealedSecrets({
  dataDir,
  sealer,
}: {
  readonly dataDir: string
  readonly sealer: Sealer
}): SecretStore {
  const file = createJsonFile({
    path: join(dataDir, 'keychain.json'),
    schema: fileSchema,
    initial: { version: 1 as const, sealed: {} },
  })
  const refuseWhereUnavailable = (): void => {
    const unavailable = sealer.unavailable()
    if (unavailable !== null) throw new RundeskError('refused', unavailable)
  }
  return {
    unavailable: sealer.unavailable,
    keep: async (name, secret) => {
      refuseWhereUnavailable()
      const sealed = await sealer.seal(secret).catch((error: unknown) => {
        throw new RundeskError(
          'refused',
          'The keychain of the system did not take the password. Unlock it and try again.',
          {
            cause: error,
          },
        )
      })
      await file.update((kept) => ({ ...kept, sealed: { ...kept.sealed, [name]: sealed.toString('base64') } }))
    },
    read: async (name) => {
      const { sealed } = await file.read()
      const found = Object.hasOwn(sealed, name) ? sealed[name] : undefined
      if (found === undefined) return undefined
      refuseWhereUnavailable()
      return await sealer.open(Buffer.from(found, 'base64')).catch((error: unknown) => {
        throw new RundeskError(
          'unreadable',
          'The keychain of the system did not open the password: it is locked, or of another user or machine. Unlock it, or type the password in again.',
          { cause: error },
        )
      })
    },
    forget: async (name) => {
      if (!Object.hasOwn((await file.read()).sealed, name)) return
      await file.update((kept) => ({
        ...kept,
        sealed: Object.fromEntries(Object.entries(kept.sealed).filter(([other]) => other !== name)),
      }))
    },
  }
}
