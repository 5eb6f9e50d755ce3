import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { root, say } from './lib.mjs'

// Signs the manifests of a release, latest*.yml, each into a file of its own beside it. The private key comes from
// RUNDESK_UPDATE_PRIVATE_KEY (base64 of PKCS 8). --new-key prints a pair of keys instead.
const [given = 'dist'] = process.argv.slice(2)
process.exitCode = given === '--new-key' ? printKeys() : signAll(resolve(given))

function printKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const text = (key, type) => key.export({ format: 'der', type }).toString('base64')
  process.stdout.write(
    `RUNDESK_UPDATE_PUBLIC_KEY=${text(publicKey, 'spki')}\nRUNDESK_UPDATE_PRIVATE_KEY=${text(privateKey, 'pkcs8')}\n`,
  )
  return 0
}

function signAll(dir) {
  const secret = process.env.RUNDESK_UPDATE_PRIVATE_KEY
  if (!secret)
    return refuse('RUNDESK_UPDATE_PRIVATE_KEY is not set. Make a pair of keys with: npm run sign-update -- --new-key')
  const key = readKey(secret)
  if (!key) return refuse('RUNDESK_UPDATE_PRIVATE_KEY is no Ed25519 key as base64 of PKCS 8.')
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
  const feed = join(root, 'out', 'main', 'updateFeed.json')
  const isOfThisBuild = !relative(root, dir).startsWith('..')
  if (isOfThisBuild && existsSync(feed) && JSON.parse(readFileSync(feed, 'utf8')).publicKey !== publicKey)
    return refuse('this is not the private half of the key that the app was built with (RUNDESK_UPDATE_PUBLIC_KEY).')
  const names = readdirSync(dir).filter((name) => /^latest[\w-]*\.yml$/.test(name))
  if (names.length === 0) return refuse(`${dir} holds no latest*.yml. Build the packages first.`)
  for (const name of names) {
    const bytes = readFileSync(join(dir, name))
    const wrong = wrongFile(dir, parse(bytes.toString('utf8')))
    if (wrong) return refuse(`${name} tells another sha512 of ${wrong} than it has. Build the packages again.`)
    writeFileSync(join(dir, `${name}.sig`), `${sign(null, bytes, key).toString('base64')}\n`)
    say(`signed ${name}`)
  }
  return 0
}

function readKey(secret) {
  try {
    const key = createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' })
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

/** The name of a package that lies here and is not what the manifest says. */
function wrongFile(dir, { files }) {
  const digest = (path) => createHash('sha512').update(readFileSync(path)).digest('base64')
  return files.find(({ url, sha512 }) => existsSync(join(dir, url)) && digest(join(dir, url)) !== sha512)?.url
}

function refuse(why) {
  say(`nothing was signed: ${why}`)
  return 1
}
