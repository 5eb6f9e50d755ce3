import { failingCases } from './failingCases'
import { after, oneWorkflow, step, type WorkflowCase } from './workflowCase'

/** Workflows that come through at once. */
const passingCases: readonly WorkflowCase[] = [
  oneWorkflow(
    'a chain',
    [step('a', 'echo one'), step('b', 'echo two', after('a')), step('c', 'echo three', after('b'))],
    {
      first: 'completed: a completed 1, b completed 1, c completed 1',
      resumed: null,
    },
  ),
  oneWorkflow('a third try that succeeds', [step('a', 'test $(wc -l < bodies) -ge 3', { retries: 2 })], {
    settings: { errorHandling: { strategy: 'fail-fast', retryDelayMs: 10 } },
    first: 'completed: a completed 3',
    resumed: null,
  }),
  oneWorkflow(
    'checks that pass',
    [
      step('a', 'echo ready', { verification: { type: 'output_contains', value: 'ready' } }),
      step('b', 'touch made', { ...after('a'), verification: { type: 'file_exists', value: 'made' } }),
      step('c', 'true', { ...after('b'), verification: { type: 'custom', value: 'test -f made' } }),
      step('d', 'true', { ...after('c'), verification: { type: 'exit_code', value: '0' } }),
    ],
    { first: 'completed: a completed 1, b completed 1, c completed 1, d completed 1', resumed: null },
  ),
  oneWorkflow(
    'an exit code that does not matter',
    [step('a', 'echo said; exit 3', { failOnError: false }), step('b', 'true', after('a'))],
    {
      first: 'completed: a completed 1, b completed 1',
      resumed: null,
      outputs: { a: 'said\n' },
    },
  ),
  oneWorkflow('an output that is not kept', [step('a', 'echo secret', { captureOutput: false })], {
    first: 'completed: a completed 1',
    resumed: null,
    outputs: { a: 'Command completed (exit code 0)' },
  }),
  oneWorkflow('no output at all', [step('a', 'true'), step('b', 'printf "<%s>" "{{steps.a.output}}"', after('a'))], {
    first: 'completed: a completed 1, b completed 1',
    resumed: null,
    outputs: { a: '', b: '<>' },
  }),
]

/** The workflows that both runners are shown. */
export const workflowCases: readonly WorkflowCase[] = [...failingCases, ...passingCases]

/** Those that the two do not end alike. */
export const differingCases: readonly WorkflowCase[] = workflowCases.filter(
  ({ first, resumed }) => typeof first === 'object' || (typeof resumed === 'object' && resumed !== null),
)
