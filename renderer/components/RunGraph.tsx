import { keyIdOf } from '../../shared/rules/pressedKeys'
import { runTexts } from '../texts/en/run'
import '@xyflow/react/dist/base.css'
import { type Edge, type Node, Panel, Position, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useMemo, useRef, useState } from 'react'
import type { RunDetail } from '../../shared/runs'
import { nodeSize } from '../state/graphLayout'
import { neighbourOf } from '../state/graphNeighbour'
import { toGraphShape } from '../state/graphShape'
import { firstView, wholeView } from '../state/graphView'
import { type LaidGraph, useGraphLayout } from '../state/useGraphLayout'
import { useFit, useFocus } from '../state/useGraphView'
import controls from '../styles/controls.module.css'
import { nodeWords } from '../texts/graphWords'
import { stepNote } from '../texts/stepNote'
import { counted, statusWord } from '../texts/words'
import { GraphBox, type GraphBoxData } from './GraphBox'
import { EmptyMessage } from './ListStates'
import styles from './RunGraph.module.css'

type BoxNode = Node<GraphBoxData, 'box'>

const nodeTypes = { box: GraphBox }
/** Where the arrows end and begin: told, so that nothing has to be measured. */
const handles = [
  { type: 'target', position: Position.Left, x: 0, y: nodeSize.height / 2, width: 1, height: 1 },
  { type: 'source', position: Position.Right, x: nodeSize.width, y: nodeSize.height / 2, width: 1, height: 1 },
] as const

/** More arrows than this are drawn straight, which costs less. */
const curvedEdges = 500

/** Of more boxes only those on the screen are drawn. */
const drawnBoxes = 80

interface GraphInput {
  readonly run: RunDetail
  readonly nowMs: number
  readonly selected: string | null
  readonly onSelect: (stepId: string) => void
  /** Goes to the timeline, which shows any number of steps. */
  readonly onTimeline: () => void
}

/** The steps of a run as boxes and arrows, with their live status. The same stands beside it as a list for screen readers. */
export function RunGraph(input: GraphInput) {
  const { steps, stepCounts } = input.run
  if (stepCounts.total === 0 && steps.length === 0)
    return <p className={styles.nothing}>{runTexts.thisRunHasNoSteps}</p>
  if (steps.length < stepCounts.total) {
    return (
      <EmptyMessage title={runTexts.aGraphOfCannotBeRead(counted(stepCounts.total, runTexts.step))}>
        <p>{runTexts.graphsShowUpToSteps}</p>
        <button type="button" className={controls.button} onClick={input.onTimeline}>
          {runTexts.showTheTimeline}
        </button>
      </EmptyMessage>
    )
  }
  return <StepGraph key={input.run.id} {...input} />
}

function StepGraph(input: GraphInput) {
  const { steps } = input.run
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  /** The shape is the same as long as names and dependencies are: a change of status moves nothing. */
  const structure = JSON.stringify(steps.map(({ name, dependsOn }) => [name, dependsOn]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the structure tells whether the steps changed for it
  const shape = useMemo(() => toGraphShape(steps, opened), [structure, opened])
  const laid = useGraphLayout(shape)
  return (
    <section className={styles.graph} aria-label={runTexts.graphOfTheSteps}>
      {laid ? (
        <ReactFlowProvider>
          <Canvas {...input} {...laid} opened={opened} onOpen={setOpened} />
        </ReactFlowProvider>
      ) : (
        <p className={styles.pending} role="status">
          {runTexts.arrangingAnd(
            counted(shape.nodes.length, runTexts.box, runTexts.boxes),
            counted(shape.edges.length, runTexts.arrow),
          )}
        </p>
      )}
      <ol className={laid ? styles.hidden : styles.list} aria-label={runTexts.stepsOfTheGraph}>
        {steps.slice(0, 1_000).map((step) => (
          <li key={step.id}>
            {step.name}: {statusWord(step.status).word}
            {step.dependsOn.length > 0 && runTexts.after(step.dependsOn.join(', '))}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Canvas({
  run,
  nowMs,
  selected,
  onSelect,
  shape,
  places,
  opened,
  onOpen,
}: GraphInput &
  LaidGraph & { readonly opened: ReadonlySet<string>; readonly onOpen: (opened: ReadonlySet<string>) => void }) {
  const flow = useReactFlow()
  const box = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string | null>(null)
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
    if (node && node.steps.length > 1) onOpen(new Set([...opened, id]))
    else if (step) onSelect(step.id)
  }
  const goTo = (id: string): void => {
    setActiveId(id)
    fitted.leave()
    const place = places.get(id)
    const view = box.current?.getBoundingClientRect()
    if (!place || !view) return
    const { x, y, zoom } = flow.getViewport()
    const [left, top] = [place.x * zoom + x, place.y * zoom + y]
    const seen =
      left >= 0 && top >= 0 && left + nodeSize.width * zoom <= view.width && top + nodeSize.height * zoom <= view.height
    if (!seen) void flow.setCenter(place.x + nodeSize.width / 2, place.y + nodeSize.height / 2, { zoom })
  }
  const fitted = useFit(box, ({ width, height }) => firstView(places, { width, height, focusId: stopAt ?? null }))
  useFocus(box, activeId)
  const onKey = (event: React.KeyboardEvent): void => {
    const focused = event.target instanceof HTMLElement ? event.target.closest('[data-act]') : null
    const from = focused?.getAttribute('data-act')
    const way = keyIdOf(event, ['Graph'])
    const to = from && way ? neighbourOf(shape, { from, way, places }) : null
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
        onInit={fitted.start}
        defaultEdgeOptions={{
          type: edges.length > curvedEdges ? 'straight' : 'smoothstep',
          focusable: false,
          selectable: false,
        }}
        onMoveStart={(event) => {
          if (event) fitted.leave()
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
        onlyRenderVisibleElements={nodes.length > drawnBoxes}
        proOptions={{ hideAttribution: true }}
      >
        <Panel position="bottom-right" className={styles.tools}>
          <button
            type="button"
            className={controls.button}
            aria-label={runTexts.zoomIn}
            onClick={() => void flow.zoomIn()}
          >
            +
          </button>
          <button
            type="button"
            className={controls.button}
            aria-label={runTexts.zoomOut}
            onClick={() => void flow.zoomOut()}
          >
            −
          </button>
          <button
            type="button"
            className={controls.button}
            onClick={() => {
              const size = box.current?.getBoundingClientRect()
              if (size) void flow.setViewport(wholeView(places, size))
            }}
          >
            {runTexts.fit}
          </button>
        </Panel>
        {(shape.nodes.length < run.steps.length || opened.size > 0) && (
          <Panel position="top-left" className={styles.told}>
            {runTexts.inChooseABox(
              counted(run.steps.length, runTexts.step),
              counted(shape.nodes.length, runTexts.box, runTexts.boxes),
            )}{' '}
            {opened.size > 0 && (
              <button type="button" className={controls.plain} onClick={() => onOpen(new Set())}>
                {runTexts.putThemTogetherAgain}
              </button>
            )}
          </Panel>
        )}
      </ReactFlow>
    </div>
  )
}
