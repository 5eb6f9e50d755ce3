import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root, say } from './lib.mjs'

// npm run licences -- --lock FILE: every package of the lock file with its licence, and whether it is in what is shipped.
// Ends with 1 when one is not among those that are accepted. The texts of what is shipped lie in out/*/licences.md.
const accepted = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']
const acceptedForBuilding = [...accepted, 'CC-BY-4.0', 'CC0-1.0', 'MPL-2.0', 'PSF-2.0', 'Python-2.0', 'WTFPL']

const { values } = parseArgs({ options: { lock: { type: 'string', default: join(root, 'package-lock.json') } } })
const locked = Object.entries(JSON.parse(readFileSync(values.lock, 'utf8')).packages).filter(([path]) => path !== '')
const shipped = new Set(['main', 'renderer'].flatMap(bundledIn))

const rows = locked.map(([path, entry]) => {
  const name = nameOf(path)
  const licence = licenceOf(path, entry)
  const isShipped = shipped.has(`${name} ${entry.version}`)
  return { name, version: entry.version, licence, isShipped, isAccepted: isAccepted(licence, isShipped) }
})
for (const { name, version, licence, isShipped } of rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  process.stdout.write(`${[name, version, licence ?? 'unknown', isShipped ? 'shipped' : 'building'].join('\t')}\n`)
const refused = rows.filter((row) => !row.isAccepted)
for (const { name, version, licence } of refused)
  say(`${name} ${version}: the licence ${licence ?? '(unknown)'} is not accepted`)
say(
  `${rows.length} packages, ${rows.filter(({ isShipped }) => isShipped).length} of them shipped, ${refused.length} refused`,
)
process.exitCode = refused.length === 0 ? 0 : 1

/** The packages whose code is in a bundle, as the build noted them: `name version`. */
function bundledIn(part) {
  const path = join(root, 'out', part, 'licences.md')
  if (!existsSync(path)) {
    say(`${path} is not there. Run: npm run build`)
    process.exit(3)
  }
  return [...readFileSync(path, 'utf8').matchAll(/^## (\S+) - (\S+) \(/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  )
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** As the lock file tells; packages for other systems are told nothing of, and have that of the package they belong to. */
function licenceOf(path, entry) {
  if (entry.license !== undefined || !entry.optional) return entry.license
  const owner = locked.find(([, { optionalDependencies = {} }]) => nameOf(path) in optionalDependencies)
  return owner?.[1].license
}

/** An expression of SPDX: one of its alternatives, in all of its parts. */
function isAccepted(licence, isShipped) {
  const list = isShipped ? accepted : acceptedForBuilding
  const alternatives = (licence ?? '').replace(/[()]/g, '').split(' OR ')
  return alternatives.some((one) => one.split(' AND ').every((part) => list.includes(part)))
}
