import { type RefObject, useState } from 'react'
import { type WritebackPage, writebackSorts } from '../../../shared/contract'
import { type WritebackState, writebackStates } from '../../../shared/writebacks'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { navigate } from '../../state/route'
import { shownKeyOf } from '../../state/shortcutKeys'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import { folderName, mountName } from '../../texts/mountWords'
import { counted, writebackWords } from '../../texts/words'
import styles from './ItemFilters.module.css'

/** The states by which the list is narrowed, in the order of their keys 2, 3, …; 1 is all. The first stand there always. */
export const filterStates: readonly WritebackState[] = [
  'stuck',
  'rejected',
  'conflict',
  'retrying',
  ...writebackStates.filter((state) => !['stuck', 'rejected', 'conflict', 'retrying'].includes(state)),
]
const alwaysShown = 4

const sortWords: Readonly<Record<(typeof writebackSorts)[number], string>> = {
  path: writebacksTexts.byPath,
  newest: writebacksTexts.newestFailureFirst,
  oldest: writebacksTexts.oldestFailureFirst,
  attempts: writebacksTexts.mostAttemptsFirst,
  state: writebacksTexts.byState,
}

/** What narrows and orders the list, and what a search looked into. */
export function ItemFilters({
  route,
  page,
  search,
}: {
  readonly route: DeskRoute
  readonly page: WritebackPage
  readonly search: RefObject<HTMLInputElement | null>
}) {
  const { ask = {} } = route
  const narrow = (change: Parameters<typeof narrowed>[1]): void => navigate(narrowed(route, change), { replace: true })
  const all = Object.values(page.totals).reduce((sum: number, count) => sum + (count ?? 0), 0)
  const providers = useProviders(page, ask.provider)
  const states = filterStates.filter(
    (state, index) => index < alwaysShown || (page.totals[state] ?? 0) > 0 || ask.state === state,
  )
  const { coverage } = page
  return (
    <div className={`${controls.bar} ${styles.filters}`}>
      <fieldset className={styles.states} aria-label={writebacksTexts.state}>
        <StateChip
          word={writebacksTexts.all}
          count={all}
          pressed={!ask.state}
          onPress={() => narrow({ state: undefined })}
        />
        {states.map((state) => (
          <StateChip
            key={state}
            word={writebackWords[state].word}
            count={page.totals[state] ?? 0}
            pressed={ask.state === state}
            onPress={() => narrow({ state: ask.state === state ? undefined : state })}
          />
        ))}
      </fieldset>
      <span className={controls.spread} />
      {(providers.length > 1 || ask.provider) && (
        <select
          className={controls.field}
          aria-label={writebacksTexts.providerWord}
          value={ask.provider ?? ''}
          onChange={(event) => narrow({ provider: event.target.value })}
        >
          <option value="">{writebacksTexts.allProviders}</option>
          {providers.map((provider) => (
            <option key={provider}>{provider}</option>
          ))}
        </select>
      )}
      {(page.mounts.length > 1 || ask.mount) && (
        <select
          className={controls.field}
          aria-label={writebacksTexts.mountWord}
          value={ask.mount ?? ''}
          onChange={(event) => narrow({ mount: event.target.value })}
        >
          <option value="">{writebacksTexts.allMounts}</option>
          {page.mounts.map((mount) => (
            <option key={mount.localDir} value={mount.localDir}>
              {mountName(mount)}
            </option>
          ))}
          {ask.mount && page.mounts.every(({ localDir }) => localDir !== ask.mount) && (
            <option value={ask.mount}>{folderName(ask.mount)}</option>
          )}
        </select>
      )}
      <select
        className={controls.field}
        aria-label={writebacksTexts.order}
        value={ask.sort ?? 'path'}
        onChange={(event) => narrow({ sort: event.target.value === 'path' ? undefined : event.target.value })}
      >
        {writebackSorts.map((sort) => (
          <option key={sort} value={sort}>
            {sortWords[sort]}
          </option>
        ))}
      </select>
      <input
        ref={search}
        type="search"
        className={`${controls.field} ${styles.search}`}
        aria-label={writebacksTexts.searchWritebacks}
        placeholder={writebacksTexts.searchPathMessageBody(shownKeyOf('search'))}
        value={ask.q ?? ''}
        onChange={(event) => narrow({ q: event.target.value })}
      />
      {ask.q && (
        <span className={controls.secondary} role="status" aria-label={writebacksTexts.found}>
          {writebacksTexts.inTheOf(
            counted(page.total, writebacksTexts.match, writebacksTexts.matches),
            coverage.searched,
            counted(coverage.items, writebacksTexts.writeback),
          )}
          {coverage.withoutBody > 0 && writebacksTexts.ofThemHoldNoBody(coverage.withoutBody.toLocaleString('en'))}
        </span>
      )}
    </div>
  )
}

function StateChip({
  word,
  count,
  pressed,
  onPress,
}: {
  readonly word: string
  readonly count: number
  readonly pressed: boolean
  readonly onPress: () => void
}) {
  return (
    <button type="button" className={controls.chip} aria-pressed={pressed} onClick={onPress}>
      {word} <span className={styles.count}>{count.toLocaleString('en')}</span>
    </button>
  )
}

/** Every provider that was seen since the desk was opened: a filter must not take away its own way back. */
function useProviders(page: WritebackPage, chosen: string | undefined): readonly string[] {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const now = [
    ...page.groups.map(({ provider }) => provider),
    ...Object.keys(page.summary.lastErrorByProvider),
    chosen ?? null,
  ].filter((provider) => provider !== null)
  if (now.some((provider) => !seen.has(provider))) setSeen(new Set([...seen, ...now]))
  return [...seen].sort()
}
