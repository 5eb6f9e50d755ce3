import { useEffect, useRef, useState } from 'react'
import { keyStep } from '../../shared/rules/pressedKeys'
import { ConfirmDialog } from '../components/ConfirmDialog'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { NoticeList } from '../components/NoticeList'
import { useClient } from '../state/client'
import { isPlainKey } from '../state/keys'
import { toHash } from '../state/route'
import { refuse } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { noticesTexts } from '../texts/en/notices'
import { counted } from '../texts/words'

const settings = toHash({ screen: 'settings', workspaceId: null, section: 'notifications' })

/** Everything that a person was told, newest first. */
export function NoticesScreen() {
  const client = useClient()
  const nowMs = useNow(false)
  const [unreadOnly, setUnreadOnly] = useState(false)
  const [clearing, setClearing] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const { value, failure, refresh } = useMirror(
    `notices ${unreadOnly}`,
    (asking) => asking.request('notices:list', { unreadOnly, offset: 0, limit: 500 }),
    ['notices:changed'],
  )
  const mark = (ids: string[] | null, read: boolean): void => {
    client.request('notices:markRead', { ids, read }).catch(refuse)
  }
  useNoticeKeys(list)
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  return (
    <section
      aria-label={noticesTexts.notifications}
      style={{ display: 'flex', flex: 1, flexDirection: 'column', minHeight: 0 }}
    >
      <div className={controls.bar}>
        <h1>{noticesTexts.notifications}</h1>
        <button
          type="button"
          className={controls.chip}
          aria-pressed={unreadOnly}
          onClick={() => setUnreadOnly(!unreadOnly)}
        >
          {noticesTexts.unreadUnread(value.unread)}
        </button>
        <span className={controls.spread} />
        <a className={controls.button} href={settings}>
          {noticesTexts.rules}
        </a>
        <button
          type="button"
          className={controls.button}
          disabled={value.unread === 0}
          onClick={() => mark(null, true)}
        >
          {noticesTexts.markAllRead}
        </button>
        <button
          type="button"
          className={controls.button}
          disabled={value.total === 0}
          onClick={() => setClearing(true)}
        >
          {noticesTexts.clear}
        </button>
      </div>
      {value.trouble !== null && (
        <div className={controls.banner} role="alert">
          {value.trouble}
        </div>
      )}
      <div ref={list} style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
        <NoticeList
          notices={value.notices}
          nowMs={nowMs}
          onOpen={({ id }) => mark([id], true)}
          onMark={({ id }, read) => mark([id], read)}
          onRemove={({ id }) => {
            focusBeside(list.current, id)
            client.request('notices:clear', { ids: [id] }).catch(refuse)
          }}
        />
        {value.notices.length === 0 && (
          <EmptyMessage title={unreadOnly ? noticesTexts.nothingUnread : noticesTexts.nothingHappenedYet}>
            {unreadOnly ? (
              <button type="button" className={controls.button} onClick={() => setUnreadOnly(false)}>
                {noticesTexts.showAll}
              </button>
            ) : (
              <p>
                {noticesTexts.hereYouFindRuns} <a href={settings}>{noticesTexts.settings}</a>.
              </p>
            )}
          </EmptyMessage>
        )}
      </div>
      {clearing && (
        <ConfirmDialog
          title={noticesTexts.clearNotices(
            counted(value.notices.length, unreadOnly ? noticesTexts.unreadNotification : noticesTexts.notification),
          )}
          text={noticesTexts.theyAreGoneForGood}
          act={noticesTexts.clearWord}
          onClose={() => setClearing(false)}
          onConfirm={() =>
            client
              .request('notices:clear', { ids: unreadOnly ? value.notices.map(({ id }) => id) : null })
              .then(() => undefined)
          }
        />
      )}
    </section>
  )
}

/** j, k and the arrows go from notice to notice. */
function useNoticeKeys(list: React.RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isPlainKey(event)) return
      const step = keyStep(event, { back: 'previous', on: 'next' })
      const links = [...(list.current?.querySelectorAll<HTMLElement>('a[data-notice]') ?? [])]
      if (step === 0 || links.length === 0) return
      event.preventDefault()
      const at = links.findIndex((link) => link.closest('li')?.contains(document.activeElement))
      links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [list])
}

/** Puts the focus on the notice after the one that goes, else on the one before. */
function focusBeside(list: HTMLElement | null, id: string): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('a[data-notice]') ?? [])]
  const at = links.findIndex((link) => link.dataset.notice === id)
  const beside = links[at + 1] ?? links[at - 1]
  beside?.focus()
}
