import { createStepSlots } from './stepSlots'

/** A process that takes the one place of a folder, says so and keeps it, to be killed. */
const slots = createStepSlots({ dir: process.argv[2] ?? '', limit: () => 1 })
await slots.take(new AbortController().signal)
process.stdout.write('taken\n')
setInterval(() => undefined, 1_000)
