import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLink, toLink } from './links'
import { RundeskError } from './outcome'

const workspace = '0123456789abcdef'

test.each([
  `#/w/all/overview`,
  `#/w/${workspace}/runs?filter=failed&q=a+b`,
  `#/w/${workspace}/runs/a%2Fb?tab=Log&step=s+1`,
  `#/w/all/writebacks/items/0a1b?state=stuck`,
  `#/w/all/writebacks/operations/op_1`,
  `#/w/${workspace}/trajectories/traj_1`,
  `#/demo`,
  `#/settings/look`,
])('the link to %s leads back to it', (hash) => {
  expect(parseLink(toLink(hash))).toBe(hash)
})

test('a link that the system changed a little still leads there', () => {
  expect(parseLink(` RUNDESK://w/all/runs/ `)).toBe('#/w/all/runs')
})

test.each([
  ['https://example.org/', 'does not begin with rundesk://'],
  ['rundesk:w/all/runs', 'does not begin with rundesk://'],
  ['rundesk://w/all/runs#x', 'has a part behind #'],
  ['rundesk://', 'names no place'],
  ['rundesk://x/all/runs', 'names no place'],
  ['rundesk://settings/..', 'names no place'],
  ['rundesk://w/../runs', 'names no workspace'],
  ['rundesk://w/all/secrets', 'names no screen'],
  ['rundesk://w/all/runs/a/b/c', 'more parts'],
  ['rundesk://w/all/runs/%', 'stands for nothing'],
  ['rundesk://w/all/runs//a', 'empty part'],
  ['rundesk://w/all/runs/%00', 'control characters'],
  ['rundesk://w/all/runs/%E2%80%AEabc', 'control characters'],
  ['rundesk://w/all/runs?q=%1b[0m', 'control characters'],
  ['rundesk://w/all/runs?__proto__=1', 'unknown form'],
  [`rundesk://w/all/runs/${'a'.repeat(2000)}`, 'more than 1024'],
  [`rundesk://w/all/runs/${'a'.repeat(5000)}`, 'longer than 4096'],
])('%s is refused with words', (link, why) => {
  expect(() => parseLink(link)).toThrow(why)
})

test('whatever stands in a link, it is refused or leads to a place of the window', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (rest) => {
      try {
        expect(parseLink(`rundesk://w/all/${rest}`)).toMatch(/^#\/w\/all\/[a-z]+/)
      } catch (error) {
        expect(error).toBeInstanceOf(RundeskError)
      }
    }),
  )
})
