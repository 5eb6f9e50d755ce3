import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import controls from '../styles/controls.module.css'
import styles from './Sidebar.module.css'

/** A way to a screen in the sidebar, which marks the one that is shown. Where the sidebar is folded only the icon is seen. */
export function SideLink({
  icon: Icon,
  href,
  isHere,
  title,
  label,
  children,
}: {
  readonly icon: LucideIcon
  readonly href: string
  readonly isHere: boolean
  /** The whole of what it leads to, for the pointer and for the folded sidebar. */
  readonly title: string
  readonly label: string
  /** What is told after its label, such as a count. */
  readonly children?: ReactNode
}) {
  return (
    <a className={styles.link} href={href} aria-current={isHere ? 'page' : undefined} title={title}>
      <Icon size={15} aria-hidden />
      <span className={`${styles.label} ${controls.ellipsis}`}>{label}</span>
      {children}
    </a>
  )
}

/** The title of a part of the sidebar; `short` stands for it where the sidebar is folded. */
export function SideTitle({
  title,
  short,
  hint = title,
  children,
}: {
  readonly title: string
  readonly short: string
  /** What the pointer is told. */
  readonly hint?: string
  readonly children?: ReactNode
}) {
  return (
    <div className={styles.title} title={hint} data-short={short}>
      <span className={`${styles.label} ${controls.ellipsis}`}>{title}</span>
      {children}
    </div>
  )
}
