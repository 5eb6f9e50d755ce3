import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildIfNeeded, installIfNeeded, run, say } from './lib.mjs'
import { stage } from './stage.mjs'

// npm test: checks, unit tests, crash tests, end-to-end tests. As root the tests run as an unprivileged user (stage.mjs).
const ci = process.env.CI === 'true'
const packages = [
  'git',
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libdrm2',
  'chromium',
  'util-linux',
  'xdotool',
  'postgresql',
]
const isRoot = process.getuid?.() === 0

installIfNeeded()
const left = prepareSystem()
const failedChecks = ['check:types', 'check:lint', 'check:dead'].filter(
  (name) => run('npm', ['run', '--silent', name]) !== 0,
)
buildIfNeeded()
const { place, run: runAsUser, share, dispose } = stage()
const counts = { passed: 0, failed: failedChecks.length }
/** The unit tests that failed, told again at the end: much is printed after them. */
const failures = []
try {
  unitTests()
  crashTests()
  if (left === null) await endToEndTests()
  else {
    say(`the end-to-end tests are left out: ${left}`)
    if (ci) counts.failed++
  }
} finally {
  dispose()
}
if (failedChecks.length > 0) say(`failed: ${failedChecks.join(', ')}`)
for (const failure of failures) say(`failed: ${failure}`)
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
process.exitCode = counts.failed === 0 ? 0 : 1

/** Names the system packages that are missing, and installs them as root on Debian. Null when all are there, else why not. */
function prepareSystem() {
  if (process.platform !== 'linux') return 'they need Linux here'
  const missing = packages.filter(
    (name) =>
      spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' }).stdout?.includes(
        'install ok installed',
      ) !== true,
  )
  if (missing.length === 0) return null
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return `these packages are missing: ${missing.join(' ')}`
  say(`installing ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] }
  run('apt-get', ['update', '-qq'], quiet)
  const install = (names) => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet) === 0
  if (missing.includes('postgresql') && install(['postgresql-common'])) makeNoCluster()
  return install([...missing, 'fonts-dejavu-core']) ? null : `apt-get could not install ${missing.join(' ')}`
}

/** Debian's package of PostgreSQL would make and start a server for the machine; the tests start their own. */
function makeNoCluster() {
  const file = '/etc/postgresql-common/createcluster.conf'
  const text = readFileSync(file, 'utf8').replace(/^#?\s*create_main_cluster\b.*\n/m, '')
  writeFileSync(file, `${text}create_main_cluster = false\n`)
}

function unitTests() {
  const report = join(place, '.cache', 'unit.json')
  const code = runAsUser(process.execPath, [
    join(place, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile=${report}`,
  ])
  const result = read(report)
  counts.passed += result?.numPassedTests ?? 0
  counts.failed += result?.numFailedTests ?? 0
  for (const { name, assertionResults } of result?.testResults ?? []) {
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'failed')
        failures.push(`${basename(name)}: ${fullName}\n${failureMessages.join('\n').slice(0, 1_500)}`)
    }
  }
  if (code !== 0 && (result?.numFailedTests ?? 0) === 0) counts.failed++
}

/** Kills processes in the middle of everything that they may do to files (docs/testing.md). */
function crashTests() {
  const report = join(place, '.cache', 'crash.json')
  const code = runAsUser(process.execPath, [join(place, 'scripts/crash.mjs'), '--report', report])
  const result = read(report)
  counts.passed += result?.passed ?? 0
  counts.failed += result?.failed ?? 0
  if (code !== 0 && (result?.failed ?? 0) === 0) counts.failed++
}

async function endToEndTests() {
  const { packageCommand, testElectron } = await import('./electronRuntime.mjs')
  const electron = testElectron()
  if (electron.reason) {
    say(`the end-to-end tests in Electron are left out: ${electron.reason}`)
    if (ci) counts.failed++
    return
  }
  const shared = share(electron)
  if (runAsUser(process.execPath, packageCommand(electron.dist, { place, dist: shared.dist })) !== 0) counts.failed++
  const report = join(place, '.cache', 'e2e.json')
  const env = {
    RUNDESK_TEST_ELECTRON: shared.binary,
    RUNDESK_TEST_PACKAGED: join(place, 'dist/linux-unpacked/rundesk'),
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  }
  const code = runAsUser(
    'xvfb-run',
    ['-a', process.execPath, join(place, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=list,json'],
    env,
  )
  const stats = read(report)?.stats
  counts.passed += stats?.expected ?? 0
  counts.failed += (stats?.unexpected ?? 0) + (stats?.flaky ?? 0)
  if (code !== 0 && (stats?.unexpected ?? 0) === 0) counts.failed++
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
