import { sep } from 'node:path'
import type { Finding, PlannedStep, WorkflowPlan } from '../../shared/workflows'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, printable, type Terminal, toTable } from './terminal'

/** `rundesk plan FILE` */
export async function plan(
  context: CommandContext,
  file: string,
  options: GlobalOptions & { readonly workflow?: string; readonly var: readonly string[] },
): Promise<number> {
  const { client, terminal } = context
  const workspaceId = await chosenWorkspace(context)
  const vars = toVariables(options.var, terminal)
  if (workspaceId === null || vars === null) return exitCodes.usage
  const planned = await client.request('workflows:planFile', {
    workspaceId,
    file,
    vars,
    ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
  })
  if (terminal.json || planned.workflow !== '') terminal.answer(planned, () => planText(planned))
  sayFindings(terminal, planned.findings)
  return planned.findings.some(({ severity }) => severity === 'error') ? exitCodes.usage : exitCodes.done
}

/**
 * The one workspace to act in: the innermost that the current folder lies in, else the only one, which is said when it
 * was not named. Null when that is not told, which was said.
 */
export async function chosenWorkspace({ client, terminal, global }: CommandContext): Promise<string | null> {
  const { workspaces } = await client.request('workspaces:list', {})
  const [only] = workspaces
  const isNamed = global.workspace.length > 0
  if (only && workspaces.length === 1 && isNamed) return only.id
  const around = isNamed ? undefined : innermostAround(workspaces, process.cwd())
  if (around) return around.id
  if (!only || workspaces.length > 1) {
    terminal.say('rundesk: name the one workspace to run in with -w DIR')
    return null
  }
  terminal.say(`in the ${only.origin === 'saved' ? 'saved workspace' : 'registered mount'} ${only.path}`)
  return only.id
}

/** The folder that holds another one, the innermost of several. */
export function innermostAround<T extends { readonly path: string }>(
  folders: readonly T[],
  inner: string,
): T | undefined {
  return folders
    .filter(({ path }) => inner === path || inner.startsWith(path.endsWith(sep) ? path : `${path}${sep}`))
    .toSorted((left, right) => right.path.length - left.path.length)[0]
}

/** `NAME=VALUE` pairs; null when one is none, which was said. */
export function toVariables(pairs: readonly string[], terminal: Terminal): Record<string, string> | null {
  const vars = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) {
      terminal.say(`rundesk: --var ${pair}: give it as NAME=VALUE`)
      return null
    }
    vars.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return Object.fromEntries(vars)
}

/** Findings as compilers tell them: `file:line:column: message`. */
export function sayFindings(terminal: Terminal, findings: readonly Finding[]): void {
  for (const { file, line, column, severity, message, path } of findings) {
    const where = line === null ? (path === '' ? file : `${file}: ${path}`) : `${file}:${line}:${column}`
    terminal.say(`${where}: ${severity}: ${message}`)
  }
}

function planText(planned: WorkflowPlan): string {
  const { name, workflow, workflows, strategy, steps, waves, variables, preflight, runner } = planned
  const others = workflows.filter((other) => other !== workflow)
  const waveOf = new Map(waves.flatMap((wave, index) => wave.map((step) => [step, index + 1] as const)))
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
  return [
    `${printable(name)}: ${printable(workflow)} (${strategy})${others.length > 0 ? `; also: ${oneLine(others.join(', '))}` : ''}`,
    ...(runner.kind === 'built-in'
      ? []
      : list(
          'needs the published runner:',
          runner.reasons.map((reason) => printable(reason)),
        )),
    ...list(
      'variables:',
      variables.map(({ name: variable, usedBy }) => `${printable(variable)}  used by ${oneLine(usedBy.join(', '))}`),
    ),
    ...list(
      'checked before:',
      preflight.map(({ command, description }) => oneLine(description ?? command)),
    ),
    ...(steps.length === 0 ? [] : ['', toTable(steps.map((step) => stepCells(step, waveOf.get(step.name))))]),
  ].join('\n')
}

function stepCells(step: PlannedStep, wave: number | undefined): readonly string[] {
  return [
    `  ${wave ?? '-'}`,
    oneLine(step.name, 40),
    step.type,
    oneLine(step.dependsOn.length === 0 ? '' : `after ${step.dependsOn.join(', ')}`, 40),
    oneLine(step.command ?? '', 80),
  ]
}
