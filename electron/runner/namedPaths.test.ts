import { expect, test } from 'vitest'
import { namedFolder, stepFolder } from './namedPaths'

const paths = [{ name: 'lib', path: '../lib' }]
const at = { workspaceDir: '/w/space', paths }

test.each([
  ['other', '/w/space/other'],
  ['../lib', '/w/lib'],
  ['/abs', '/abs'],
  ['$HOME/x', `${process.env.HOME}/x`],
  ['$NO_SUCH_VARIABLE_HERE/x', '/w/space/$NO_SUCH_VARIABLE_HERE/x'],
])('the path %s is %s', (path, folder) => {
  expect(namedFolder({ path }, '/w/space')).toBe(folder)
})

test.each([
  [{}, '/w/space'],
  [{ cwd: '.' }, '/w/space'],
  [{ cwd: 'a/b' }, '/w/space/a/b'],
  [{ cwd: '/w/space/a' }, '/w/space/a'],
  [{ workdir: 'lib' }, '/w/lib'],
  [{ workdir: 'lib', cwd: 'a' }, '/w/space/a'],
])('a step with %o runs in %s', (step, folder) => {
  expect(stepFolder({ name: 's', ...step }, at)).toBe(folder)
})

test.each([
  [{ cwd: '..' }, 'cwd ".." leads out of the workspace /w/space'],
  [{ cwd: '/etc' }, 'cwd "/etc" leads out of the workspace /w/space'],
  [{ cwd: 'a/../../b' }, 'cwd "a/../../b" leads out of the workspace /w/space'],
  [{ workdir: 'none' }, 'none of the paths'],
])('a step with %o runs nowhere', (step, why) => {
  expect(() => stepFolder({ name: 's', ...step }, at)).toThrow(why)
})
