import type { Scenario } from './scenario'

/** A scenario by name; loaded only where it is needed, because victims must start fast. */
export interface ListedScenario {
  readonly name: string
  /** A kill of it takes several times as long as of others. */
  readonly slow?: boolean
  readonly load: () => Promise<Scenario>
}

/** Everything that must survive kill -9. A new one needs only its line here. */
export const scenarios: readonly ListedScenario[] = [
  {
    name: 'journal append, written',
    load: async () => (await import('./journalScenario')).journalScenario('written'),
  },
  {
    name: 'journal append, synced',
    load: async () => (await import('./journalScenario')).journalScenario('synced'),
  },
  {
    name: 'atomic whole-file write',
    load: async () => (await import('./atomicWriteScenario')).atomicWriteScenario,
  },
  {
    name: 'cross-process lock',
    load: async () => (await import('./lockScenario')).lockScenario({ takeOver: false }),
  },
  {
    name: "taking over a dead process's lock",
    load: async () => (await import('./lockScenario')).lockScenario({ takeOver: true }),
  },
  {
    name: 'append to the run store',
    load: async () => (await import('./storeScenarios')).appendScenario,
  },
  {
    name: 'claim in the run store',
    load: async () => (await import('./storeScenarios')).claimScenario,
  },
  {
    name: 'compaction of the run store',
    load: async () => (await import('./storeScenarios')).compactionScenario,
  },
  {
    name: 'snapshot of the run store',
    load: async () => (await import('./snapshotScenario')).snapshotScenario,
  },
  {
    name: 'trajectories and their index',
    load: async () => (await import('./indexScenario')).indexScenario,
  },
  {
    name: 'start of a run',
    slow: true,
    load: async () => (await import('./runnerScenario')).runnerScenario({ resumes: false }),
  },
  {
    name: 'resume of a run',
    slow: true,
    load: async () => (await import('./runnerScenario')).runnerScenario({ resumes: true }),
  },
]

/** The victim that is killed again and again until its run is completed (killChains.ts). */
export const chainedVictim = {
  name: 'runner, killed again and again',
  load: async (): Promise<Pick<Scenario, 'open'>> => (await import('./chainVictim')).chainVictim,
}

/** The victim that is killed again and again until its bulk retry has ended (killBulk.ts). */
export const bulkVictim = {
  name: 'bulk retry, killed again and again',
  load: async (): Promise<Pick<Scenario, 'open'>> => (await import('./bulkVictim')).bulkVictim,
}
