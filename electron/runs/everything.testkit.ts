import type { RunStore } from './runStore'

/** What a store says of every run: list fields, steps with attempts, and whole rows. */
export async function everything(store: RunStore): Promise<unknown> {
  return Promise.all(
    store.runs().map(async (run) => {
      const record = await store.read(run.id)
      const steps = [...(await store.stepsOf(run)).values()].map(({ view }) => view)
      return { view: run.view, counts: run.counts, steps, run: record?.run, rows: record?.steps }
    }),
  )
}
