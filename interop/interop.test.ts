import { afterAll, describe, expect, test } from 'vitest'
import { inLanes } from './inLanes'
import { type Look, type Play, playFromPublished, playFromRundesk } from './playCase'
import { installPublished, type PublishedPackage } from './publishedPackages'
import { toldOf, type WorkflowCase } from './workflowCase'
import { differingCases, workflowCases } from './workflowCases'

const published = await installPublished()
if (published.kind === 'unreachable')
  process.stderr.write(`rundesk: the interop tests are left out: ${published.reason}\n`)

/** What both sides made of one workflow. */
interface Encounter {
  readonly flow: WorkflowCase
  readonly name: string
  readonly fromRundesk: Promise<Play>
  readonly fromPublished: Promise<Play>
}

const lanes = 4
const encounters = published.kind === 'installed' ? meet(published.packages) : []
afterAll(() => Promise.allSettled(encounters.flatMap(({ fromRundesk, fromPublished }) => [fromRundesk, fromPublished])))

/** All workflows with the sdk; with its successor those that the two runners do not end alike. */
function meet([sdk, successor]: readonly [PublishedPackage, PublishedPackage]): readonly Encounter[] {
  const meetings = [
    ...workflowCases.map((flow) => ({ flow, one: sdk })),
    ...differingCases.map((flow) => ({ flow, one: successor })),
  ]
  const work = meetings.flatMap(({ flow, one }) => [
    () => playFromRundesk(flow, one),
    () => playFromPublished(flow, one),
  ])
  const plays = inLanes(lanes, work)
  for (const play of plays) play.catch(() => undefined) // Its own test tells.
  return meetings.map(({ flow, one }, index) => ({
    flow,
    name: `${flow.name}, ${one.name}`,
    fromRundesk: promiseAt(plays, 2 * index),
    fromPublished: promiseAt(plays, 2 * index + 1),
  }))
}

function promiseAt<T>(promises: readonly Promise<T>[], index: number): Promise<T> {
  return promises[index] ?? Promise.reject(new Error(`nothing was played at ${index}`))
}

/** How a resume by the other runner should come out. */
function wantedAfter(first: string, flow: WorkflowCase, by: 'rundesk' | 'published'): readonly [string, string] {
  if (first.startsWith('completed')) return ['refused', first]
  return ['resumed', toldOf(flow.resumed ?? 'it never fails', by)]
}

function outputsOf({ last }: Play, names: readonly string[]): readonly (string | undefined)[] {
  return names.map((name) => last.rundesk.steps.find(({ stepName }) => stepName === name)?.output)
}

describe.skipIf(published.kind === 'unreachable')(
  'a workflow file means the same to Rundesk and the published runners',
  () => {
    test.each(encounters)('its first execution ends alike: $name', async ({ flow, fromRundesk, fromPublished }) => {
      const ends = { rundesk: (await fromRundesk).first.told, published: (await fromPublished).first.told }
      expect(ends).toEqual({ rundesk: toldOf(flow.first, 'rundesk'), published: toldOf(flow.first, 'published') })
    })

    test.each(encounters)(
      'both read the same rows, whoever wrote them: $name',
      async ({ fromRundesk, fromPublished }) => {
        const plays = [await fromRundesk, await fromPublished]
        const looks = plays.flatMap(({ first, last }): readonly Look[] => [first, last])
        expect(looks.map((look) => look.published)).toEqual(
          looks.map(({ rundesk: { run, steps } }) => ({ run, steps })),
        )
      },
    )

    test.each(encounters)(
      'what failed under Rundesk is resumed by the published runner: $name',
      async ({ flow, fromRundesk }) => {
        const { answer, last } = await fromRundesk
        expect([answer, last.told]).toEqual(wantedAfter(toldOf(flow.first, 'rundesk'), flow, 'published'))
      },
    )

    test.each(encounters)(
      'what failed under the published runner is resumed by Rundesk: $name',
      async ({ flow, fromPublished }) => {
        const { answer, last } = await fromPublished
        expect([answer, last.told]).toEqual(wantedAfter(toldOf(flow.first, 'published'), flow, 'rundesk'))
      },
    )

    const outspoken = encounters.filter(({ flow }) => Object.keys(flow.outputs).length > 0)
    test.each(outspoken)(
      'the steps have said the same at last: $name',
      async ({ flow, fromRundesk, fromPublished }) => {
        const names = Object.keys(flow.outputs)
        const said = { published: outputsOf(await fromRundesk, names), rundesk: outputsOf(await fromPublished, names) }
        const wanted = (by: 'rundesk' | 'published') => Object.values(flow.outputs).map((output) => toldOf(output, by))
        expect(said).toEqual({ published: wanted('published'), rundesk: wanted('rundesk') })
      },
    )
  },
)
