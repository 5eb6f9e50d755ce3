import { type Connection, connectionSchema, type passwordPlaces, type tlsModes } from '../../shared/sources'

/** What a person typed about a connection: every field of every kind, so that nothing is lost by looking at another kind. */
export interface ConnectionDraft {
  readonly from: Connection['from']
  readonly variable: string
  readonly service: string
  readonly host: string
  readonly port: string
  readonly database: string
  readonly user: string
  readonly tls: (typeof tlsModes)[number]
  readonly passwordFrom: (typeof passwordPlaces)[number]
  /** For the system's keychain; empty keeps the one that is there. */
  readonly secret: string
}

/** A draft that begins with what is saved, or with nothing. */
export function draftOf(connection: Connection | null, variable: string): ConnectionDraft {
  const empty: ConnectionDraft = {
    ...{ from: 'environment', variable, service: '', host: '', port: '5432', database: '', user: '' },
    ...{ tls: 'require', passwordFrom: 'pgpass', secret: '' },
  }
  switch (connection?.from) {
    case undefined:
      return empty
    case 'environment':
      return { ...empty, variable: connection.variable }
    case 'service':
      return { ...empty, from: 'service', service: connection.service }
    case 'server': {
      const { port, password, ...rest } = connection
      return { ...empty, ...rest, port: String(port), passwordFrom: password }
    }
  }
}

/** The connection that a draft tells, or undefined while something in it is missing or wrong. */
export function connectionOf(draft: ConnectionDraft): Connection | undefined {
  const { from, variable, service, host, port, database, user, tls, passwordFrom: password } = draft
  const told = {
    environment: { from, variable },
    service: { from, service },
    server: { from, host, port: Number(port), database, user, tls, password },
  }[from]
  return connectionSchema.safeParse(told).data
}
