import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runFilters } from '../../shared/rules/runFilters'
import { startedWithin } from '../../shared/rules/runWhere'
import { runGroupings } from '../../shared/runGroups'
import { runSorts } from '../../shared/runList'
import { livenesses } from '../../shared/runs'
import { sourceViews } from '../../shared/sourceFilters'
import { deskViews } from './deskRoute'
import { parseRoute, type Route, runTabs, settingsSections, toHash } from './route'
import { sourcePeriods } from './sourceRoute'

const text = fc.string({ minLength: 1, maxLength: 20 })
const workspaceId = fc.option(
  text.filter((id) => id !== 'all'),
  { nil: null },
)

const where = fc.record({
  statuses: fc.array(text, { minLength: 1, maxLength: 3 }),
  liveness: fc.subarray([...livenesses], { minLength: 1 }),
  workflows: fc.array(text, { minLength: 1, maxLength: 3 }),
  within: fc.constantFrom(...startedWithin),
  from: fc.constant('2026-11-01T00:00:00.000Z'),
  longerMs: fc.nat(1_000_000_000),
  shorterMs: fc.nat(1_000_000_000),
  hasError: fc.boolean(),
  saved: fc.boolean(),
  cause: text,
})

const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({
    screen: fc.constant('runs' as const),
    workspaceId,
    filter: fc.constantFrom(...runFilters),
    search: fc.string(),
    runId: text,
    tab: fc.constantFrom(...runTabs.filter((tab) => tab !== 'Timeline')),
    stepId: text,
    where,
    sort: fc.record({ by: fc.constantFrom(...runSorts), ascending: fc.boolean() }),
    group: fc.constantFrom(...runGroupings),
  }),
  fc.record({
    screen: fc.constant('start' as const),
    workspaceId,
    file: fc.option(text, { nil: null }),
    workflow: fc.option(text, { nil: null }),
  }),
  fc.record({
    screen: fc.constant('trajectories' as const),
    workspaceId,
    search: fc.string(),
    trajectoryId: fc.option(text, { nil: null }),
  }),
  fc.record({ screen: fc.constant('problems' as const), workspaceId }),
  fc.record({ screen: fc.constant('writebacks' as const), workspaceId }),
  fc.record({
    screen: fc.constant('writebacks' as const),
    workspaceId,
    view: fc.constantFrom(...deskViews),
    ask: fc.record({ q: text, by: text }),
  }),
  fc.constant({ screen: 'notices' as const, workspaceId: null }),
  fc.constant({ screen: 'diagnostics' as const, workspaceId: null }),
  fc.record({
    screen: fc.constant('settings' as const),
    workspaceId: fc.constant(null),
    section: fc.constantFrom(...settingsSections),
  }),
  fc.record({ screen: fc.constant('writebacks' as const), workspaceId, openId: text, ask: fc.record({ cause: text }) }),
  fc.record({
    screen: fc.constant('source' as const),
    workspaceId: fc.constant(null),
    sourceId: text,
    view: fc.constantFrom(...sourceViews),
    where: fc.record({ status: text, workflowName: text, idPrefix: text, within: fc.constantFrom(...sourcePeriods) }),
    runId: text,
    stepId: fc.string(),
  }),
)

test('an address tells the route that it was made of, whatever ids and names hold', () => {
  fc.assert(
    fc.property(routes, (route) => {
      expect(parseRoute(toHash(route))).toEqual(route)
    }),
  )
})

test('an address that tells nothing is the list of all runs', () => {
  expect(parseRoute('#/%zz?tab=Nothing')).toEqual({
    screen: 'runs',
    workspaceId: null,
    filter: 'all',
    search: '',
    runId: null,
  })
})

test('what nobody knows narrows nothing', () => {
  const asked = parseRoute('#/w/all/runs?live=undead&within=ever&longer=long&sort=-beauty&error=maybe&status=failed')
  expect(asked).toEqual({
    screen: 'runs',
    workspaceId: null,
    filter: 'all',
    search: '',
    runId: null,
    where: { statuses: ['failed'] },
  })
})
