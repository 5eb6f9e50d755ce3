import { X } from 'lucide-react'
import type { Notice } from '../../shared/notices'
import { noticeWords } from '../../shared/rules/noticeWords'
import { noticeRoute } from '../state/noticeRoute'
import { toHash } from '../state/route'
import controls from '../styles/controls.module.css'
import { noticesTexts } from '../texts/en/notices'
import { ago, fullTime } from '../texts/times'
import styles from './NoticeList.module.css'

const markOf = ({ kind, outcome }: Notice): readonly [mark: string, tone: string | undefined] => {
  if (kind === 'unsaved') return ['!', styles.unsaved]
  if (kind === 'update') return ['↑', styles.waiting]
  if (kind === 'writebacks') return ['⚠', styles.waiting]
  if (outcome === 'completed') return ['✓', styles.completed]
  if (outcome === 'orphaned') return ['?', styles.orphaned]
  if (outcome === 'cancelled') return ['⊘', styles.cancelled]
  return kind === 'new-failure' || outcome === 'failed' ? ['✕', styles.failed] : ['●', styles.waiting]
}

/** What a person was told, each leading to what it tells of. j and k go from one to the next. */
export function NoticeList({
  notices,
  nowMs,
  onOpen,
  onMark,
  onRemove,
}: {
  readonly notices: readonly Notice[]
  readonly nowMs: number
  readonly onOpen: (notice: Notice) => void
  readonly onMark: (notice: Notice, read: boolean) => void
  readonly onRemove: (notice: Notice) => void
}) {
  return (
    <ul className={styles.list} aria-label={noticesTexts.notifications}>
      {notices.map((notice) => {
        const { title, body } = noticeWords(notice)
        const [mark, tone] = markOf(notice)
        return (
          <li key={notice.id} className={`${styles.row} ${notice.read ? styles.read : styles.unread}`}>
            {notice.read ? <span /> : <span className={styles.dot} title={noticesTexts.unread} />}
            <a
              className={styles.link}
              data-notice={notice.id}
              href={toHash(noticeRoute(notice))}
              onClick={() => onOpen(notice)}
            >
              {!notice.read && <span className={styles.hidden}>{noticesTexts.unreadWord} </span>}
              <span aria-hidden="true" className={tone}>
                {mark}
              </span>{' '}
              <strong>{title}</strong>
              {body !== notice.workspaceName && <div className={controls.secondary}>{body}</div>}
              <div className={controls.secondary}>
                {notice.workspaceName},{' '}
                <time dateTime={notice.at} title={fullTime(notice.at)}>
                  {ago(notice.at, nowMs)}
                </time>
                {notice.count > 1 && notice.firstAt !== notice.at && noticesTexts.first(ago(notice.firstAt, nowMs))}
              </div>
            </a>
            <span className={styles.acts}>
              <button
                type="button"
                className={controls.plain}
                aria-label={noticesTexts.mark(notice.read ? noticesTexts.unreadWithin : noticesTexts.read, title)}
                onClick={() => onMark(notice, !notice.read)}
              >
                {notice.read ? noticesTexts.markUnread : noticesTexts.markRead}
              </button>
              <button
                type="button"
                className={controls.plain}
                aria-label={noticesTexts.remove(title)}
                onClick={() => onRemove(notice)}
              >
                <X size={14} aria-hidden />
              </button>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
