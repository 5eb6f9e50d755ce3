import { parentPort } from 'node:worker_threads'
import { logQuerySchema } from '../../shared/logs'
import { toFailure } from '../../shared/outcome'
import { openLogParts } from './logParts'
import { searchLog } from './logSearch'
import { readLogStreams } from './logStreams'

/** Searches one log after the other, in a thread that may be ended at any time, and says what came of each. */
parentPort?.on('message', async ({ path, query }: { readonly path: string; readonly query: unknown }) => {
  try {
    const log = await openLogParts(path)
    const streams = await readLogStreams(path)
    const found = log && (await searchLog(log, streams, logQuerySchema.parse(query)))
    parentPort?.postMessage({ found: found ?? null, sizeBytes: log?.sizeBytes ?? 0 })
  } catch (error) {
    parentPort?.postMessage({ failure: toFailure(error) })
  }
})
