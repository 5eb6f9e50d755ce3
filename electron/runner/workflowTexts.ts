import { RundeskError } from '../../shared/outcome'
import type { WorkflowFile } from '../../shared/workflowFile'
import type { WorkflowVariable } from '../../shared/workflows'
import type { FindingList } from './findings'
import { didYouMean } from './nearestName'
import { replaceInText, replaceTemplates } from './quoteContext'
import { fillText, fillVariables, isRuntimeTemplate } from './substitute'
import type { DocumentPath } from './yamlSource'

/** A text of a workflow that may hold templates. */
interface WorkflowText {
  readonly path: DocumentPath
  readonly text: string
  /** Is it a command that a shell parses? */
  readonly isShell: boolean
  /** Are the outputs of steps and the state filled in when the step starts? */
  readonly takesContents: boolean
  /** Who uses it: a step's name, `preflight`, `agent NAME`. */
  readonly user: string
}

/** All texts of a workflow (by its index in the file) that variables are filled into. */
export function workflowTexts(config: WorkflowFile, index: number): readonly WorkflowText[] {
  const workflow = config.workflows[index]
  if (!workflow) return []
  const at: DocumentPath = ['workflows', index]
  const checks = (workflow.preflight ?? []).map(
    ({ command }, number): WorkflowText => ({
      path: [...at, 'preflight', number, 'command'],
      text: command,
      isShell: true,
      takesContents: false,
      user: 'preflight',
    }),
  )
  const agents = new Set(workflow.steps.flatMap(({ agent }) => agent ?? []))
  const tasks = (config.agents ?? []).flatMap(({ name, task }, number): WorkflowText[] => {
    if (task === undefined || !agents.has(name)) return []
    return [
      { path: ['agents', number, 'task'], text: task, isShell: false, takesContents: true, user: `agent ${name}` },
    ]
  })
  const steps = workflow.steps.flatMap((step, number) => {
    const path = [...at, 'steps', number]
    const plain = (key: 'cwd' | 'branch' | 'baseBranch' | 'path' | 'task', takesContents: boolean): WorkflowText[] => {
      const text = step[key]
      return text === undefined ? [] : [{ path: [...path, key], text, isShell: false, takesContents, user: step.name }]
    }
    const shell = (key: 'command' | 'rollback'): WorkflowText[] => {
      const text = step[key]
      return text === undefined
        ? []
        : [{ path: [...path, key], text, isShell: true, takesContents: true, user: step.name }]
    }
    const params = Object.entries(step.params ?? {}).flatMap(([key, text]): WorkflowText[] => {
      if (typeof text !== 'string') return []
      return [{ path: [...path, 'params', key], text, isShell: false, takesContents: true, user: step.name }]
    })
    const check: WorkflowText[] = step.verification
      ? [
          {
            path: [...path, 'verification', 'value'],
            text: String(step.verification.value),
            isShell: step.verification.type === 'custom',
            takesContents: false,
            user: step.name,
          },
        ]
      : []
    return [
      ...shell('command'),
      ...plain('cwd', false),
      ...plain('branch', true),
      ...plain('baseBranch', true),
      ...plain('path', true),
      ...plain('task', true),
      ...params,
      ...check,
      ...shell('rollback'),
    ]
  })
  return [...checks, ...tasks, ...steps]
}

/** The variables of these texts in the order of their first use, and who uses each. */
export function variablesOf(texts: readonly WorkflowText[]): readonly WorkflowVariable[] {
  const users = new Map<string, Set<string>>()
  for (const text of texts) {
    for (const { name } of templatesOf(text)) {
      if (isRuntimeTemplate(name)) continue
      const known = users.get(name) ?? new Set<string>()
      users.set(name, known.add(text.user))
    }
  }
  return [...users].map(([name, usedBy]) => ({ name, usedBy: [...usedBy], default: null }))
}

interface FoundTemplate {
  readonly name: string
  readonly unsafe: string | null
}

/** The system takes a command of less than 128 KiB in one piece; each template in it costs a look at what is before. */
const limits = { commandBytes: 128 * 1024 - 1, templates: 200 }

/** Why a text is not looked at, null when it is. */
function excessOf({ text, isShell }: WorkflowText): string | null {
  if (!isShell) return null
  if (Buffer.byteLength(text) > limits.commandBytes)
    return `this command has ${Buffer.byteLength(text)} bytes, and the system takes at most ${limits.commandBytes}. Put it into a script file`
  if (text.split('{{', limits.templates + 2).length > limits.templates + 1)
    return `this command has more than ${limits.templates} templates. Put it into a script file`
  return null
}

function templatesOf(whole: WorkflowText): readonly FoundTemplate[] {
  const found: FoundTemplate[] = []
  const { text, isShell } = whole
  if (excessOf(whole) !== null) return found
  const keep = (name: string, unsafe: string | null): string => {
    found.push({ name, unsafe })
    return `{{${name}}}`
  }
  if (isShell) replaceTemplates(text, (name, { unsafe }) => keep(name, unsafe))
  else replaceInText(text, (name) => keep(name, null))
  return found
}

/** Tells templates that will not, or not safely, be filled in. */
export function checkTemplates(texts: readonly WorkflowText[], steps: Iterable<string>, findings: FindingList): void {
  const names = new Set(steps)
  for (const text of texts) {
    const excess = excessOf(text)
    // Without templates there is nothing to look for: the other steps may run.
    if (excess !== null)
      findings.add(text.path, { severity: text.text.includes('{{') ? 'error' : 'warning', message: excess })
    for (const { name, unsafe } of templatesOf(text)) {
      const shown = `{{${name}}}`
      const warn = (message: string): void => findings.add(text.path, { severity: 'warning', message })
      if (!isRuntimeTemplate(name)) {
        if (unsafe !== null)
          findings.add(text.path, { severity: 'error', message: `${shown} has no safe place here: ${unsafe}` })
        continue
      }
      const step = /^steps\.(.+)\.output$/.exec(name)?.[1]
      if (!text.takesContents) warn(`${shown} is not filled in here and stays as it is`)
      else if (step !== undefined && !names.has(step))
        warn(`${shown} names no step of this workflow and stays as it is${didYouMean(step, names)}`)
      else if (unsafe !== null)
        findings.add(text.path, { severity: 'error', message: `${shown} has no safe place here: ${unsafe}` })
    }
  }
}

/**
 * The texts with their variables filled in, quoted for their place. Variables without a value, and values that do not
 * fit, go to `findings`, all of them; such a text stays as it is.
 */
export function fillTexts(
  texts: readonly WorkflowText[],
  vars: Readonly<Record<string, string>>,
  findings: FindingList,
): readonly { readonly path: DocumentPath; readonly text: string }[] {
  const used = new Set(variablesOf(texts).map(({ name }) => name))
  for (const name of Object.keys(vars)) {
    if (used.has(name)) continue
    const message = `the variable ${JSON.stringify(name)} is used nowhere${didYouMean(name, used)}`
    findings.add([], { severity: 'warning', message })
  }
  return texts.map((text) => {
    const names = new Set(templatesOf(text).map(({ name }) => name))
    const missing = [...names].filter((name) => !isRuntimeTemplate(name) && !Object.hasOwn(vars, name))
    for (const name of missing)
      findings.add(text.path, {
        severity: 'error',
        message: `{{${name}}} has no value. Give it with --var ${name}=VALUE`,
      })
    const template = [...names].find((name) => !text.isShell && text.takesContents && holdsTemplate(vars[name]))
    if (template !== undefined)
      findings.add(text.path, {
        severity: 'error',
        message: `the variable ${template} holds a template, which would be filled in here`,
      })
    if (missing.length > 0 || template !== undefined || excessOf(text) !== null) return text
    try {
      const filled = text.isShell ? fillVariables(text.text, { step: text.user, vars }) : fillText(text.text, vars)
      return { path: text.path, text: filled }
    } catch (error) {
      if (!(error instanceof RundeskError)) throw error
      findings.add(text.path, { severity: 'error', message: error.message })
      return text
    }
  })
}

function holdsTemplate(value: string | undefined): boolean {
  return value !== undefined && /\{\{\s*(?:steps|state)\./.test(value)
}
