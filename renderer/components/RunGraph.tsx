import '@xyflow/react/dist/base.css'
import { type Edge, type Node, Panel, Position, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { RunDetail } from '../../shared/runs'
import { layoutGraph, nodeSize } from '../state/graphLayout'
import { fullGraphSteps, type GraphShape, toGraphShape } from '../state/graphShape'
import controls from '../styles/controls.module.css'
import { nodeWords } from '../texts/graphWords'
import { stepNote } from '../texts/stepNote'
import { counted, statusWord } from '../texts/words'
import { GraphBox, type GraphBoxData } from './GraphBox'
import styles from './RunGraph.module.css'

type BoxNode = Node<GraphBoxData, 'box'>

const nodeTypes = { box: GraphBox }
/** Where the arrows end and begin: told, so that nothing has to be measured. */
const handles = [
  { type: 'target', position: Position.Left, x: 0, y: nodeSize.height / 2, width: 1, height: 1 },
  { type: 'source', position: Position.Right, x: nodeSize.width, y: nodeSize.height / 2, width: 1, height: 1 },
] as const

/** Smaller than this the words of a box cannot be read: then a part of the graph shows. */
const fit = { padding: 0.08, maxZoom: 1, minZoom: 0.35 } as const

interface GraphInput {
  readonly run: RunDetail
  readonly nowMs: number
  readonly selected: string | null
  readonly onSelect: (stepId: string) => void
}

/** The steps of a run as boxes and arrows, with their live status. The same stands beside it as a list for screen readers. */
export function RunGraph(input: GraphInput) {
  if (input.run.steps.length === 0) return <p className={styles.nothing}>This run has no steps yet.</p>
  return (
    <section className={styles.graph} aria-label="Graph of the steps">
      <ReactFlowProvider>
        <Canvas {...input} />
      </ReactFlowProvider>
      <ol className={styles.hidden} aria-label="Steps of the graph as a list">
        {input.run.steps.slice(0, 1_000).map((step) => (
          <li key={step.id}>
            {step.name}: {statusWord(step.status).word}
            {step.dependsOn.length > 0 && `, after ${step.dependsOn.join(', ')}`}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Canvas({ run, nowMs, selected, onSelect }: GraphInput) {
  const flow = useReactFlow()
  const box = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [activeId, setActiveId] = useState<string | null>(null)
  /** The shape is the same as long as names and dependencies are: a change of status moves nothing. */
  const structure = JSON.stringify(run.steps.map(({ name, dependsOn }) => [name, dependsOn]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the structure tells whether the steps changed for it
  const shape = useMemo(() => toGraphShape(run.steps, opened), [structure, opened])
  const places = useMemo(() => layoutGraph(shape), [shape])
  const stopAt = activeId ?? shape.nodes.find(({ steps }) => steps.some((at) => run.steps[at]?.id === selected))?.id
  const kept = useRef(new Map<string, BoxNode>())
  const nodes = shape.nodes.map(({ id, steps }): BoxNode => {
    const members = steps.flatMap((at) => run.steps[at] ?? [])
    const [step] = members
    const data: GraphBoxData = {
      ...nodeWords(members, members.length === 1 && step ? stepNote(step, run.retry, nowMs) : ''),
      selected: members.some((member) => member.id === selected),
      stops: id === (stopAt ?? shape.nodes[0]?.id),
      act: id,
    }
    const known = kept.current.get(id)
    const place = places.get(id) ?? { x: 0, y: 0 }
    if (known && known.position === place && JSON.stringify(known.data) === JSON.stringify(data)) return known
    const made: BoxNode = { id, type: 'box', position: place, data, ...nodeSize, handles: [...handles] }
    kept.current.set(id, made)
    return made
  })
  const edges = useMemo(
    () => shape.edges.map(({ from, to }): Edge => ({ id: `${from} ${to}`, source: from, target: to })),
    [shape],
  )
  const act = (id: string): void => {
    const node = shape.nodes.find((one) => one.id === id)
    const step = run.steps[node?.steps[0] ?? -1]
    setActiveId(id)
    if (node && node.steps.length > 1) setOpened(new Set([...opened, id]))
    else if (step) onSelect(step.id)
  }
  const goTo = (id: string): void => {
    setActiveId(id)
    const place = places.get(id)
    const view = box.current?.getBoundingClientRect()
    if (!place || !view) return
    const { x, y, zoom } = flow.getViewport()
    const [left, top] = [place.x * zoom + x, place.y * zoom + y]
    const seen =
      left >= 0 && top >= 0 && left + nodeSize.width * zoom <= view.width && top + nodeSize.height * zoom <= view.height
    if (!seen) void flow.setCenter(place.x + nodeSize.width / 2, place.y + nodeSize.height / 2, { zoom })
  }
  const keepFitted = useFit(box)
  useFocus(box, activeId)
  const onKey = (event: React.KeyboardEvent): void => {
    const focused = event.target instanceof HTMLElement ? event.target.closest('[data-act]') : null
    const from = focused?.getAttribute('data-act')
    const to = from ? neighbourOf(shape, { from, key: event.key, places }) : null
    if (to === null) return
    event.preventDefault()
    event.stopPropagation()
    goTo(to)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the arrow keys of the buttons inside
    <div
      ref={box}
      className={styles.canvas}
      onKeyDown={onKey}
      onClick={(event) => {
        const id = (event.target as HTMLElement).closest('[data-act]')?.getAttribute('data-act')
        if (id) act(id)
      }}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        defaultEdgeOptions={{ type: 'smoothstep', focusable: false, selectable: false }}
        fitView
        fitViewOptions={fit}
        onMoveStart={(event) => {
          if (event) keepFitted(false)
        }}
        minZoom={0.05}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        panOnScroll
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > fullGraphSteps}
        proOptions={{ hideAttribution: true }}
      >
        <Panel position="bottom-right" className={styles.tools}>
          <button type="button" className={controls.button} aria-label="Zoom in" onClick={() => void flow.zoomIn()}>
            +
          </button>
          <button type="button" className={controls.button} aria-label="Zoom out" onClick={() => void flow.zoomOut()}>
            −
          </button>
          <button
            type="button"
            className={controls.button}
            onClick={() => {
              keepFitted(true)
              void flow.fitView({ ...fit, minZoom: 0.05 })
            }}
          >
            Fit
          </button>
        </Panel>
        {shape.nodes.length < run.steps.length && (
          <Panel position="top-left" className={styles.told}>
            {counted(run.steps.length, 'step')} in {counted(shape.nodes.length, 'box', 'boxes')}. Choose a box of many
            steps to open it.
          </Panel>
        )}
      </ReactFlow>
    </div>
  )
}

/** Fits the graph into its place whenever that changes, until somebody moves it. Gives what tells so. */
function useFit(box: React.RefObject<HTMLDivElement | null>): (fitted: boolean) => void {
  const flow = useReactFlow()
  const fitted = useRef(true)
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(() => {
      if (fitted.current) void flow.fitView(fit)
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box, flow])
  return (next) => {
    fitted.current = next
  }
}

/** Puts the focus on the box that the keys went to, once it is drawn. */
function useFocus(box: React.RefObject<HTMLDivElement | null>, activeId: string | null): void {
  useEffect(() => {
    if (activeId === null) return
    const frame = requestAnimationFrame(() => {
      const button = [...(box.current?.querySelectorAll<HTMLElement>('[data-act]') ?? [])].find(
        (one) => one.getAttribute('data-act') === activeId,
      )
      button?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [box, activeId])
}

/** Left and right follow the arrows, up and down stay in the column. Null where there is none. */
function neighbourOf(
  { nodes, edges }: GraphShape,
  {
    from,
    key,
    places,
  }: { readonly from: string; readonly key: string; readonly places: ReadonlyMap<string, { readonly y: number }> },
): string | null {
  if (key === 'ArrowRight') return edges.find((edge) => edge.from === from)?.to ?? null
  if (key === 'ArrowLeft') return edges.find((edge) => edge.to === from)?.from ?? null
  if (key === 'Home') return nodes[0]?.id ?? null
  if (key === 'End') return nodes.at(-1)?.id ?? null
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null
  const wave = nodes.find(({ id }) => id === from)?.wave
  const column = nodes
    .filter((node) => node.wave === wave)
    .sort((one, other) => (places.get(one.id)?.y ?? 0) - (places.get(other.id)?.y ?? 0))
  const at = column.findIndex(({ id }) => id === from)
  return column[at + (key === 'ArrowDown' ? 1 : -1)]?.id ?? null
}
