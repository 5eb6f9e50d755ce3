import { parentPort, workerData } from 'node:worker_threads'
import { logQuerySchema } from '../../shared/logs'
import { toFailure } from '../../shared/outcome'
import { openLogParts } from './logParts'
import { searchLog } from './logSearch'
import { readLogStreams } from './logStreams'

/** Searches one log, in a thread that may be ended at any time, and says what came of it. */
const { path, query } = workerData as { readonly path: string; readonly query: unknown }
try {
  const log = await openLogParts(path)
  const streams = await readLogStreams(path)
  const found = log && (await searchLog(log, streams, logQuerySchema.parse(query)))
  parentPort?.postMessage({ found: found ?? null, sizeBytes: log?.sizeBytes ?? 0 })
} catch (error) {
  parentPort?.postMessage({ failure: toFailure(error) })
}
