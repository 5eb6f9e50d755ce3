/** The versions of the system schema that the statements and the client of this Rundesk were measured with. */
export const knownSchema = { oldest: 109, newest: 123 } as const
