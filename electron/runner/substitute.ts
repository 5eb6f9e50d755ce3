import { assertNever, RundeskError } from '../../shared/outcome'
import { type QuoteContext, replaceInText, replaceTemplates, singleQuotable, type TemplatePlace } from './quoteContext'

/** What is over this many bytes does not go through the environment. */
export const maxReferenceBytes = 100 * 1024

const runtimeName = /^(?:steps\.([A-Za-z0-9_-]+)\.output|state\.([A-Za-z0-9_-]+))$/

/** Is this template filled in when the step starts, not when the run does? */
export function isRuntimeTemplate(name: string): boolean {
  return runtimeName.test(name)
}

/**
 * Fills in `{{var}}` of a command, quoted for its place, so that a value is always data. Throws `invalid_workflow` for
 * an unknown variable and for a place where no value is safe. `{{steps.x.output}}` and `{{state.k}}` stay.
 */
export function fillVariables(
  command: string,
  { step, vars }: { readonly step: string; readonly vars: Readonly<Record<string, string>> },
): string {
  return replaceTemplates(command, (name, place) => {
    if (isRuntimeTemplate(name)) return `{{${name}}}`
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined
    if (value === undefined) {
      throw new RundeskError(
        'invalid_workflow',
        `Step ${JSON.stringify(step)} uses {{${name}}}, which has no value. Give it with --var ${name}=VALUE.`,
      )
    }
    if (value.includes('\0'))
      throw new RundeskError('invalid_workflow', `The variable ${name} holds a NUL character, which no command can.`)
    if (place.unsafe)
      throw new RundeskError(
        'invalid_workflow',
        `Step ${JSON.stringify(step)} uses {{${name}}} where no value is safe: ${place.unsafe}.`,
      )
    if (place.delimiter !== undefined && value.includes('\n') && value.includes(place.delimiter)) {
      throw new RundeskError(
        'invalid_workflow',
        `The variable ${name} holds ${place.delimiter}, which would end the here-document of step ${JSON.stringify(step)}.`,
      )
    }
    if (place.context === 'literal-heredoc' && /\{\{\s*(?:steps|state)\./.test(value))
      throw new RundeskError(
        'invalid_workflow',
        `The variable ${name} holds a template, which a here-document with a quoted delimiter would fill in. Take the quotes off the delimiter in step ${JSON.stringify(step)}.`,
      )
    return quoteFor(value, place.context)
  })
}

/** Fills in `{{var}}` of a text that no shell parses. */
export function fillText(text: string, vars: Readonly<Record<string, string>>): string {
  return replaceInText(text, (name, whole) => {
    if (isRuntimeTemplate(name)) return whole
    if (!Object.hasOwn(vars, name))
      throw new RundeskError('invalid_workflow', `{{${name}}} has no value. Give it with --var ${name}=VALUE.`)
    return vars[name] ?? ''
  })
}

/** Double braces of a value are kept apart, so that it is never taken for a template later. */
function quoteFor(value: string, context: QuoteContext): string {
  const apart = (text: string, by: string): string => text.replace(/\{(?=\{)/g, `{${by}`)
  switch (context) {
    case 'unquoted':
      return `'${apart(singleQuotable(value), "''")}'`
    case 'single':
      return apart(singleQuotable(value), "''")
    case 'double':
      return apart(value.replace(/[\\$`"]/g, '\\$&'), '""')
    case 'heredoc':
      return apart(value.replace(/[\\$`]/g, '\\$&'), '$(:)')
    case 'literal-heredoc':
      return value
    case 'comment':
      return value.replace(/[\r\n]+/g, ' ').replaceAll('{{', '{ {')
    default:
      return assertNever(context)
  }
}

/** A command whose templates became references, and the variables they refer to. */
export interface ReferencedCommand {
  readonly command: string
  readonly env: Readonly<Record<string, string>>
}

/** A content as a whole, of which a row may hold less. */
export interface WholeContent {
  readonly bytes: number
  /** Where it is, and what to do, as the end of a sentence that tells its length. */
  readonly wayOut: string
}

/**
 * Turns `{{steps.x.output}}` and `{{state.k}}` into references to environment variables, fitted to the quotes around
 * them: no content is ever parsed by the shell. Throws `refused` for content over 100 KiB or with NUL characters, with what
 * `wholeOf` tells of it, and for places where the shell would parse content. Unknown names stay as they are.
 */
export function referenceContents(
  command: string,
  lookUp: (name: string) => string | undefined,
  wholeOf: (name: string, content: string) => WholeContent,
): ReferencedCommand {
  const env: Record<string, string> = {}
  const names = new Map<string, string>()
  const reference = (name: string, place: TemplatePlace): string => {
    const content = isRuntimeTemplate(name) ? lookUp(name) : undefined
    if (content === undefined) return `{{${name}}}`
    const known = names.get(name)
    const variable = known ?? `RUNDESK_VALUE_${names.size + 1}`
    if (known === undefined) {
      checkContent(name, content, wholeOf)
      names.set(name, variable)
      env[variable] = content
    }
    if (place.unsafe) throw new RundeskError('refused', `{{${name}}} cannot be filled in: ${place.unsafe}.`)
    return toReference(variable, place.context)
  }
  return { command: replaceTemplates(command, reference, { expandLiteral: true }), env }
}

function checkContent(name: string, content: string, wholeOf: (name: string, content: string) => WholeContent): void {
  const hasNul = content.includes('\0')
  if (Buffer.byteLength(content) <= maxReferenceBytes && !hasNul) return
  const { bytes, wayOut } = wholeOf(name, content)
  if (bytes > maxReferenceBytes)
    throw new RundeskError(
      'refused',
      `{{${name}}} has ${bytes} bytes, more than the ${maxReferenceBytes} that fit into a command${wayOut}`,
    )
  throw new RundeskError('refused', `{{${name}}} holds NUL characters, which no command can${wayOut}`)
}

/**
 * The variables that name the files with the steps' outputs: `RUNDESK_OUTPUT_<STEP>`, upper case, `_` for what no name
 * may hold. Where two steps would share one, the later in the file gets `_2`, `_3` and so on.
 */
export function outputVariables(steps: readonly string[]): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  const taken = new Set<string>()
  for (const step of steps) {
    const plain = `RUNDESK_OUTPUT_${step.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
    let variable = plain
    for (let count = 2; taken.has(variable); count++) variable = `${plain}_${count}`
    taken.add(variable)
    variables.set(step, variable)
  }
  return variables
}

function toReference(variable: string, context: QuoteContext): string {
  switch (context) {
    case 'unquoted':
      return `"\${${variable}}"`
    case 'single':
      return `'"\${${variable}}"'`
    case 'double':
    case 'heredoc':
    case 'literal-heredoc':
    case 'comment':
      return `\${${variable}}`
    default:
      return assertNever(context)
  }
}
