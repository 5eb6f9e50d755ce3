import { expect, test } from 'vitest'
import { builtInViews } from '../../shared/runViews'
import { parseRoute, toHash } from './route'
import { isSameView, viewAskOf, viewRoute } from './viewRoute'

test('every built-in view is told by its address', () => {
  const views = builtInViews.map(({ ask }) => {
    const route = parseRoute(toHash(viewRoute('w', ask)))
    return route.screen === 'runs' && isSameView(viewAskOf(route), ask)
  })
  expect(views).toEqual(builtInViews.map(() => true))
})

test('views differ by what they show, not by the order in which it is told', () => {
  const one = { filter: 'all', where: { hasError: true, within: '7d' } } as const
  const other = { filter: 'all', where: { within: '7d', hasError: true }, search: '' } as const
  expect([isSameView(one, other), isSameView(one, { filter: 'all' })]).toEqual([true, false])
})
