import type { DeskRoute } from '../../state/deskRoute'
import { AuditScreen } from './AuditScreen'
import { EarlierScreen } from './EarlierScreen'
import { ItemsScreen } from './ItemsScreen'
import { OperationScreen } from './OperationScreen'
import { OperationsScreen } from './OperationsScreen'
import { TrashScreen } from './TrashScreen'

/** The writeback desk: its items, and what was done with them. */
export function WritebacksScreen({ route }: { readonly route: DeskRoute }) {
  switch (route.view) {
    case undefined:
      return <ItemsScreen route={route} />
    case 'operations':
      return route.openId === undefined ? (
        <OperationsScreen route={route} />
      ) : (
        <OperationScreen key={route.openId} route={route} operationId={route.openId} />
      )
    case 'trash':
      return <TrashScreen route={route} />
    case 'audit':
      return <AuditScreen route={route} />
    case 'earlier':
      return <EarlierScreen route={route} />
  }
}
