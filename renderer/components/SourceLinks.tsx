import { DatabaseZap, Plus } from 'lucide-react'
import type { Source } from '../../shared/sources'
import { type Route, toHash } from '../state/route'
import { sourceRoute } from '../state/sourceRoute'
import { useSources } from '../state/useSources'
import controls from '../styles/controls.module.css'
import { sourcesTexts } from '../texts/en/sources'
import { sourceStateWord } from '../texts/sourceWords'
import styles from './Sidebar.module.css'
import { StatusMark } from './StatusMark'

const icon = { size: 15, 'aria-hidden': true } as const

/** The remote sources beside the workspaces, each with the state of its connection, and the way to add one. */
export function SourceLinks({ route, onAdd }: { readonly route: Route; readonly onAdd: () => void }) {
  const { remote } = useSources()
  return (
    <section className={styles.group} aria-label={sourcesTexts.remoteSources}>
      <div className={styles.title}>
        <span className={styles.label}>{sourcesTexts.remoteSources}</span>
      </div>
      {(remote ?? []).map((source) => (
        <SourceLink key={source.id} source={source} route={route} />
      ))}
      <button
        type="button"
        className={styles.link}
        onClick={onAdd}
        title={sourcesTexts.addARemoteSource}
        aria-label={sourcesTexts.addARemoteSource}
      >
        <Plus {...icon} />
        <span className={`${styles.label} ${controls.secondary}`}>{sourcesTexts.addARemoteSource}</span>
      </button>
    </section>
  )
}

function SourceLink({ source: { id, name, where, state }, route }: { readonly source: Source; readonly route: Route }) {
  const isHere = route.screen === 'source' && route.sourceId === id
  const word = sourceStateWord(state)
  return (
    <a
      className={styles.link}
      href={toHash(sourceRoute(id))}
      aria-current={isHere ? 'page' : undefined}
      title={`${name}: ${state.kind === 'trouble' ? state.message : word.word} (${where})`}
    >
      <DatabaseZap {...icon} />
      <span className={`${styles.label} ${controls.ellipsis}`}>{name}</span>
      {state.kind !== 'unopened' && (
        <span className={styles.state}>
          <StatusMark status={word} wordless />
        </span>
      )}
    </a>
  )
}
