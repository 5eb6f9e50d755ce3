import { z } from 'zod'
import { contract } from './contract'
import type { HostileChannel, InputSchema } from './hostileMessages.testkit'

/** Every channel of the contract with what it takes, as plain data that a page or another process can be given. */
export function contractChannels(): readonly HostileChannel[] {
  return Object.entries(contract).map(([name, { input }]) => ({
    name,
    input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as InputSchema,
  }))
}
