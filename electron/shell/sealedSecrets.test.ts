import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createSealedSecrets, type Sealer } from './sealedSecrets'

const secret = 'a password that nobody may read'

/** Seals with a key of its own, as the keychain of a user does. */
function createSealer(unavailable: string | null = null): Sealer {
  const key = randomBytes(32)
  return {
    unavailable: () => unavailable,
    seal: async (text) => {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = Buffer.concat([cipher.update(text), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    open: async (sealed) => {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
      decipher.setAuthTag(sealed.subarray(12, 28))
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString()
    },
  }
}

describe('secrets of sources', () => {
  it('are kept sealed, for the user alone, until they are forgotten', async () => {
    const dataDir = await makeTemporaryFolder()
    const sealer = createSealer()
    await createSealedSecrets({ dataDir, sealer }).keep('one', secret)
    const secrets = createSealedSecrets({ dataDir, sealer })
    const file = join(dataDir, 'keychain.json')
    expect([await secrets.read('one'), await secrets.read('__proto__')]).toEqual([secret, undefined])
    expect(await readFile(file, 'utf8')).not.toContain('password')
    expect((await stat(file)).mode & 0o077).toBe(0)
    await secrets.forget('one')
    expect([await secrets.read('one'), await readFile(file, 'utf8')]).toEqual([
      undefined,
      expect.stringContaining('"sealed": {}'),
    ])
  })

  it('of another user or machine are told to be so', async () => {
    const dataDir = await makeTemporaryFolder()
    await createSealedSecrets({ dataDir, sealer: createSealer() }).keep('one', secret)
    const other = createSealedSecrets({ dataDir, sealer: createSealer() })
    await expect(other.read('one')).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('type the password in again'),
    })
  })

  it('are not kept where there is no keychain', async () => {
    const dataDir = await makeTemporaryFolder()
    const secrets = createSealedSecrets({ dataDir, sealer: createSealer('There is none.') })
    await expect(secrets.keep('one', secret)).rejects.toMatchObject({ code: 'refused', message: 'There is none.' })
    await expect(stat(join(dataDir, 'keychain.json'))).rejects.toThrow('ENOENT')
  })
})
