import { atomicWriteScenario } from './atomicWriteScenario'
import { journalScenario } from './journalScenario'
import { lockScenario } from './lockScenario'
import { runnerScenario } from './runnerScenario'
import type { Scenario } from './scenario'
import { appendScenario, claimScenario } from './storeScenarios'

/** Everything that must survive kill -9. A new one needs only its line here. */
export const scenarios: readonly Scenario[] = [
  journalScenario('written'),
  journalScenario('synced'),
  atomicWriteScenario,
  lockScenario({ takeOver: false }),
  lockScenario({ takeOver: true }),
  appendScenario,
  claimScenario,
  runnerScenario,
]
