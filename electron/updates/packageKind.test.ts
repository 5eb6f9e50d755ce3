import { expect, test } from 'vitest'
import { packageKindOf } from './packageKind'

const onLinux = { platform: 'linux', env: {}, execPath: '/opt/Rundesk/rundesk', packageType: null }
const mounted = { APPIMAGE: '/home/a/Rundesk.AppImage', APPDIR: '/tmp/.mount_Run' }

test('an AppImage is replaced as the file that it is', () => {
  expect(packageKindOf({ ...onLinux, env: mounted, execPath: '/tmp/.mount_Run/rundesk' })).toEqual({
    kind: 'appImage',
    file: '/home/a/Rundesk.AppImage',
  })
})

test("started in the terminal of another program's AppImage, that one is left alone", () => {
  expect(packageKindOf({ ...onLinux, env: mounted }).kind).toBe('byHand')
})

test.each([
  ['a deb package', { ...onLinux, packageType: 'deb' }, 'installed as a deb package'],
  ['an unpacked folder', onLinux, 'unpacked here'],
  [
    'the portable one',
    { ...onLinux, platform: 'win32', env: { PORTABLE_EXECUTABLE_FILE: 'C:\\Rundesk.exe' } },
    'portable',
  ],
])('%s is replaced by hand, and it is said how', (_what, facts, words) => {
  const kind = packageKindOf(facts)
  expect(kind.kind === 'byHand' && kind.how.includes(words)).toBe(true)
})

test.each(['win32', 'darwin'])('the installer of %s replaces it', (platform) => {
  expect(packageKindOf({ ...onLinux, platform })).toEqual({ kind: 'installer' })
})
