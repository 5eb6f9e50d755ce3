import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitPaths, toLocalPath } from './mountPaths'

const none = (): boolean => false

test.each([
  ['one path', '/a.md', [], ['/a.md']],
  ['two paths', '/a.md,/b.md', [], ['/a.md', '/b.md']],
  ['a comma in a name', '/a,b.md,/c.md', [], ['/a,b.md', '/c.md']],
  ['a folder that ends in a comma, known', '/a,/b.md,/c.md', ['/a,/b.md'], ['/a,/b.md', '/c.md']],
  ['a folder that ends in a comma, unknown', '/a,/b.md', [], ['/a', '/b.md']],
  ['a whole list that is a known path', '/a,/b,/c', ['/a,/b,/c'], ['/a,/b,/c']],
  ['the same path twice', '/a,/a', [], ['/a']],
  ['slashes of another system', 'docs\\a.md,\\b.md', [], ['/docs/a.md', '/b.md']],
  ['nothing', ' ', [], []],
])('a record of %s is split', (_what, joined, known, paths) => {
  expect(splitPaths(joined, (path) => known.includes(path))).toEqual(paths)
})

test('paths that are known come back as they were joined, whatever commas they hold', () => {
  const name = fc.stringMatching(/^[a-c,]{1,4}$/)
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
  fc.assert(
    fc.property(
      fc.uniqueArray(
        path.filter((one) => !one.includes(',/')),
        { minLength: 1, maxLength: 6 },
      ),
      (paths) => {
        expect(splitPaths(paths.join(','), (one) => paths.includes(one))).toEqual(paths)
      },
    ),
  )
})

test.each(['/../x', '/a/../../x', '/github/../../etc/passwd', '/a\0b', '/', '/other/x'])(
  'a path never leads out of the mount: %s',
  (path) => {
    expect(toLocalPath('/mount', '/github', path)).toBeNull()
  },
)

test('nothing that is split is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\/[a-c,/]{1,6}$/), { minLength: 1 }), (paths) => {
      const joined = paths.join(',')
      expect(splitPaths(joined, none).length).toBeGreaterThan(0)
    }),
  )
})
