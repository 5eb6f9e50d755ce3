import { DatabaseZap, Plus } from 'lucide-react'
import type { Source } from '../../shared/sources'
import { type Route, toHash } from '../state/route'
import { sourceRoute } from '../state/sourceRoute'
import { useSources } from '../state/useSources'
import { sourcesTexts } from '../texts/en/sources'
import { sourceStateWord } from '../texts/sourceWords'
import styles from './Sidebar.module.css'
import { SideLink, SideTitle } from './SideLink'
import { StatusMark } from './StatusMark'

/** The remote sources beside the workspaces, each with the state of its connection, and the way to add one. */
export function SourceLinks({ route, onAdd }: { readonly route: Route; readonly onAdd: () => void }) {
  const { remote } = useSources()
  return (
    <section className={styles.group} aria-label={sourcesTexts.remoteSources}>
      <SideTitle title={sourcesTexts.remoteSources} short={sourcesTexts.remote} />
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
        <Plus size={15} aria-hidden />
        <span className={styles.label}>{sourcesTexts.addARemoteSource}</span>
      </button>
    </section>
  )
}

function SourceLink({ source: { id, name, where, state }, route }: { readonly source: Source; readonly route: Route }) {
  const isHere = route.screen === 'source' && route.sourceId === id
  const word = sourceStateWord(state)
  return (
    <SideLink
      icon={DatabaseZap}
      href={toHash(sourceRoute(id))}
      isHere={isHere}
      title={`${name}: ${state.kind === 'trouble' ? state.message : word.word} (${where})`}
      label={name}
    >
      {state.kind !== 'unopened' && (
        <span className={styles.state}>
          <StatusMark status={word} wordless />
        </span>
      )}
    </SideLink>
  )
}
