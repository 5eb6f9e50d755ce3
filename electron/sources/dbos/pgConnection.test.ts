import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Connection, connectionSchema } from '../../../shared/sources'
import { makeTemporaryFolder } from '../../files/temporaryFolder.testkit'
import { resolveConnection } from './pgConnection'

const server = { from: 'server', host: 'db', database: 'shop', user: 'ann', tls: 'verify-full', password: 'pgpass' }

describe('where a connection leads', () => {
  const resolve = async (connection: unknown, env: Record<string, string> = {}, kept: string | null = null) => {
    const parsed: Connection = connectionSchema.parse(connection)
    const { config, where, user } = await resolveConnection(parsed, { env, fromKeychain: () => kept })
    const { password, ssl } = config
    return { where, user, ssl, password: typeof password === 'function' ? await password() : password }
  }
  const fromFile = async (name: string, text: string, mode = 0o600): Promise<string> => {
    const file = join(await makeTemporaryFolder(), name)
    await writeFile(file, text)
    await chmod(file, mode)
    return file
  }

  it('takes the whole address from a variable, and tells it without the password', async () => {
    const env = { DB: 'postgresql://ann:s%3Acret@db:6543/shop?sslmode=require' }
    const found = await resolve({ from: 'environment', variable: 'DB' }, env)
    expect(found).toEqual({
      where: 'db:6543/shop',
      user: 'ann',
      ssl: { rejectUnauthorized: false },
      password: 's:cret',
    })
    const { config } = await resolveConnection(
      { from: 'environment', variable: 'DB' },
      { env, fromKeychain: () => null },
    )
    expect(JSON.stringify(config)).not.toContain('cret')
  })

  it('names the variable that is not set, and never the text that is no address', async () => {
    const one = { from: 'environment', variable: 'DB' }
    await expect(resolve(one)).rejects.toThrow('The environment variable DB is not set.')
    await expect(resolve(one, { DB: 'mysql://ann:secret@db' })).rejects.toThrow(
      /^Could not read the value of DB: it does not begin with postgresql:\/\/\.$/,
    )
  })

  it('looks up a service, and its password in the password file', async () => {
    const services = await fromFile(
      'services',
      '# ours\n[other]\nhost=x\n[shop]\nhost=db\nport=6000\ndbname=shop\nuser=ann\n',
    )
    const passwords = await fromFile(
      'passwords',
      '# mine\ndb:6000:other:*:wrong\n*:6000:shop:ann:it\\:s\\\\it\n*:*:*:*:last\n',
    )
    const env = { PGSERVICEFILE: services, PGPASSFILE: passwords }
    expect(await resolve({ from: 'service', service: 'shop' }, env)).toEqual({
      where: 'db:6000/shop',
      user: 'ann',
      ssl: false,
      password: 'it:s\\it',
    })
    await expect(resolve({ from: 'service', service: 'none' }, env)).rejects.toThrow(`no service "none" in ${services}`)
  })

  it('refuses a password file that others may read, with the way out', async () => {
    const passwords = await fromFile('passwords', 'db:5432:shop:ann:secret', 0o644)
    await expect(resolve(server, { PGPASSFILE: passwords })).rejects.toThrow(`Run: chmod 600 ${passwords}`)
  })

  it('takes a typed-in server with the password of the keychain, and says when that has none', async () => {
    const kept = { ...server, password: 'keychain' }
    expect(await resolve(kept, { PGPASSWORD: 'other' }, 'secret')).toEqual({
      where: 'db:5432/shop',
      user: 'ann',
      ssl: { rejectUnauthorized: true },
      password: 'secret',
    })
    await expect(resolve(kept)).rejects.toThrow('The keychain holds no password for ann at db:5432/shop.')
  })
})
