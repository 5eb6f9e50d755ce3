/** Where the two runners do not come to the same. */
interface Differing {
  readonly rundesk: string
  readonly published: string
}

/**
 * A workflow that both runners run. Ends are told as `status: step status bodies, …`, where `bodies` is how often the
 * step's command ran since the folder was made.
 */
export interface WorkflowCase {
  readonly name: string
  readonly workflows: readonly {
    readonly name: string
    readonly steps: readonly object[]
    readonly preflight?: readonly object[]
  }[]
  readonly settings: object
  /** How its first execution ends. */
  readonly first: string | Differing
  /** How it ends when it failed, the file `mended` was made, and the named runner resumed it; null: it never fails. */
  readonly resumed: string | Differing | null
  /** What some steps have said at last, whoever resumed it. */
  readonly outputs: Readonly<Record<string, string | Differing>>
}

/** Keys of a step besides its name and command. */
interface StepOptions {
  readonly cwd?: string
  readonly [key: string]: unknown
}

/** A shell step whose command tells, in the file `bodies`, that it ran. */
export function step(name: string, command: string, options: StepOptions = {}): object {
  const bodies = options.cwd === undefined ? 'bodies' : '../bodies'
  return { name, type: 'deterministic', command: `echo '${name}' >> ${bodies}; ${command}`, ...options }
}

/** Behind these steps. */
export const after = (...dependsOn: readonly string[]): StepOptions => ({ dependsOn })
/** Settings: nothing starts after a failure. */
export const failFast = { errorHandling: { strategy: 'fail-fast' } }
/** Settings: other branches go on. */
export const goOn = { errorHandling: { strategy: 'continue' } }
/** A command that fails until the workspace is mended. */
export const wantsMending = 'test -f mended'

/** A case of one workflow, `main`; fail-fast unless its settings say otherwise. */
export function oneWorkflow(
  name: string,
  steps: readonly object[],
  {
    settings = failFast,
    outputs = {},
    ...ends
  }: Pick<WorkflowCase, 'first' | 'resumed'> & Partial<Pick<WorkflowCase, 'settings' | 'outputs'>>,
): WorkflowCase {
  return { name, workflows: [{ name: 'main', steps }], settings, outputs, ...ends }
}

/** What is told of one of the two runners. */
export function toldOf(told: string | Differing, runner: keyof Differing): string {
  return typeof told === 'string' ? told : told[runner]
}
