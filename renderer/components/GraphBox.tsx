import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import controls from '../styles/controls.module.css'
import type { NodeWords } from '../texts/graphWords'
import styles from './RunGraph.module.css'
import { StatusMark } from './StatusMark'

/** What a box of the graph shows. */
export type GraphBoxData = NodeWords & {
  readonly selected: boolean
  /** Does the Tab key stop here? */
  readonly stops: boolean
  /** The id of the box. */
  readonly act: string
}

/** A box of the graph: a button that opens its step, or takes its many steps apart. */
export const GraphBox = memo(function GraphBox({ data }: NodeProps<Node<GraphBoxData, 'box'>>) {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles.handle} />
      <button
        type="button"
        className={`${styles.box} ${styles[data.status.tone]} ${data.selected ? styles.selected : ''} ${data.many ? styles.many : ''} nopan`}
        tabIndex={data.stops ? 0 : -1}
        aria-pressed={data.selected}
        title={data.title}
        data-act={data.act}
      >
        <StatusMark status={data.status} wordless />
        <span className={`${controls.ellipsis} ${styles.title}`}>{data.title}</span>
        <span className={`${controls.ellipsis} ${styles.note}`}>{data.note || data.status.word}</span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles.handle} />
    </>
  )
})
