import type { Sample } from './samples'

type Samples = Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>>

/** Which file has which samples: the process of one loads nothing that only others need. */
const groups: readonly { readonly names: readonly string[]; readonly load: () => Promise<Samples> }[] = [
  { names: ['open', 'peer', 'bare', 'newest'], load: async () => (await import('./storeSamples')).storeSamples },
  { names: ['append', 'appendPeer'], load: async () => (await import('./appendSamples')).appendSamples },
  {
    names: ['trajectories', 'trajectoriesPeer'],
    load: async () => (await import('./trajectorySamples')).trajectorySamples,
  },
  {
    names: ['runWorkflow', 'spawnLoop', 'searchLog', 'bareSearch'],
    load: async () => (await import('./runnerSamples')).runnerSamples,
  },
  {
    names: ['scanMount', 'bareMount', 'changeMount', 'searchMount'],
    load: async () => (await import('./mountSamples')).mountSamples,
  },
  {
    names: ['countingServer', 'bareRetry', 'retry', 'abortRetry'],
    load: async () => (await import('./retrySamples')).retrySamples,
  },
  { names: ['dbosLists'], load: async () => (await import('./dbosSamples')).dbosSamples },
]

/** Takes the sample that the command line names first, with the words behind it, and prints it as JSON. */
const [name = '', ...args] = process.argv.slice(2)
const samples = await groups.find(({ names }) => names.includes(name))?.load()
const sample = samples?.[name]
if (!sample) throw new Error(`There is no sample ${name}`)
process.stdout.write(JSON.stringify(await sample(args)))
