import { z } from 'zod'
import { badJson, notFound, ok, type Route, refuse } from './apiAnswer'
import { providerOf } from './practiceFiles'

const acknowledgementSchema = z.looseObject({ success: z.boolean(), error: z.string().default('') })

/** `GET ops?status=&action=&provider=&cursor=&limit=`, newest first. */
export const listOps: Route = ({ files, call: { query } }) => {
  const limit = Math.min(Math.max(Number(query.get('limit')) || 100, 1), 1000)
  const wanted = (['status', 'action', 'provider'] as const).filter((key) => query.get(key))
  const all = [...files.ops.all()].reverse().filter((op) => wanted.every((key) => op[key] === query.get(key)))
  const at = all.findIndex((op) => op.opId === query.get('cursor'))
  const items = all.slice(at + 1, at + 1 + limit)
  const last = items.at(-1)
  return ok({ items, nextCursor: last && last !== all.at(-1) ? last.opId : null })
}

/** `GET ops/<id>` */
export const getOp: Route = ({ files, faults, call }) => {
  const op = files.ops.look(idIn(call.route), faults.onOp)
  return op ? ok(op) : refuse(call, notFound)
}

/** `POST ops/<id>/replay`: the only way to revive an operation that was refused after acceptance. */
export const replayOp: Route = ({ files, call }) => {
  const id = idIn(call.route)
  const result = files.ops.replay(id)
  if (result === 'queued') return { status: 202, body: { status: 'queued', id, correlationId: call.correlationId } }
  if (result === 'unknown') return refuse(call, notFound)
  return refuse(call, { status: 409, code: 'invalid_state', message: 'invalid state' })
}

/** `POST writeback/<id>/ack`: how a worker behind the server tells the end of an operation. */
export const acknowledgeOp: Route = ({ files, call }) => {
  const input = acknowledgementSchema.safeParse(call.body)
  if (!input.success) return refuse(call, badJson)
  const op = files.ops.acknowledge(idIn(call.route), input.data)
  if (!op) return refuse(call, notFound)
  const { success } = input.data
  return ok({ correlationId: call.correlationId, id: op.opId, status: 'acknowledged', success })
}

/** `GET sync/status`: how the providers behind the server are. */
export const syncStatus: Route = ({ files, call: { workspaceId } }) => {
  const names = new Set([...files.files.keys()].map(providerOf).filter((name) => name !== ''))
  const ops = [...files.ops.all()]
  const providers = [...names].sort().map((provider) => {
    const dead = ops.filter((op) => op.provider === provider && op.status === 'dead_lettered')
    if (dead.length === 0) return { provider, status: 'healthy' }
    const lastError = dead.at(-1)?.lastError ?? ''
    return {
      provider,
      status: 'error',
      lastError,
      failureCodes: { unknown: dead.length },
      deadLetteredOps: dead.length,
    }
  })
  return ok({ workspaceId, providers })
}

function idIn(route: string): string {
  return decodeURIComponent(route.split('/')[1] ?? '')
}
