import { after, failFast, goOn, oneWorkflow, step, type WorkflowCase, wantsMending } from './workflowCase'

/** Workflows that fail at first. The published runner never runs steps that were skipped, and calls the run completed. */
export const failingCases: readonly WorkflowCase[] = [
  oneWorkflow('one step that fails', [step('a', wantsMending)], {
    first: 'failed: a failed 1',
    resumed: 'completed: a completed 2',
  }),
  oneWorkflow('a chain that breaks at its end', [step('a', 'echo one'), step('b', wantsMending, after('a'))], {
    first: 'failed: a completed 1, b failed 1',
    resumed: 'completed: a completed 1, b completed 2',
    outputs: { a: 'one\n', b: '' },
  }),
  oneWorkflow(
    'a chain that breaks in the middle',
    [step('a', 'echo one'), step('b', wantsMending, after('a')), step('c', 'echo three', after('b'))],
    {
      first: 'failed: a completed 1, b failed 1, c skipped 0',
      resumed: {
        rundesk: 'completed: a completed 1, b completed 2, c completed 1',
        published: 'completed: a completed 1, b completed 2, c skipped 0',
      },
    },
  ),
  oneWorkflow(
    'a long chain that breaks early',
    [
      step('a', wantsMending),
      step('b', 'true', after('a')),
      step('c', 'true', after('b')),
      step('d', 'true', after('c')),
    ],
    {
      first: 'failed: a failed 1, b skipped 0, c skipped 0, d skipped 0',
      resumed: {
        rundesk: 'completed: a completed 2, b completed 1, c completed 1, d completed 1',
        published: 'completed: a completed 2, b skipped 0, c skipped 0, d skipped 0',
      },
    },
  ),
  oneWorkflow(
    'a named folder, and a pull request as the proof',
    [
      step('a', 'echo see https://github.com/o/r/pull/1', {
        workdir: 'here',
        verification: { type: 'pr_url', value: 'O/R' },
      }),
      step('b', wantsMending, { dependsOn: ['a'], workdir: 'here' }),
    ],
    {
      settings: { ...failFast, paths: [{ name: 'here', path: '.' }] },
      first: 'failed: a completed 1, b failed 1',
      resumed: 'completed: a completed 1, b completed 2',
    },
  ),
  oneWorkflow(
    'a diamond with one bad side',
    [
      step('top', 'echo top'),
      step('left', wantsMending, after('top')),
      step('right', 'sleep 0.3', after('top')),
      step('bottom', 'echo bottom', after('left', 'right')),
    ],
    {
      first: 'failed: top completed 1, left failed 1, right completed 1, bottom skipped 0',
      resumed: {
        rundesk: 'completed: top completed 1, left completed 2, right completed 1, bottom completed 1',
        published: 'completed: top completed 1, left completed 2, right completed 1, bottom skipped 0',
      },
    },
  ),
  oneWorkflow(
    'a fan-out of four and a join',
    [
      step('a', 'true'),
      step('b', wantsMending),
      step('c', 'true'),
      step('d', 'true'),
      step('join', 'true', after('a', 'b', 'c', 'd')),
    ],
    {
      settings: goOn,
      first: 'failed: a completed 1, b failed 1, c completed 1, d completed 1, join skipped 0',
      resumed: {
        rundesk: 'completed: a completed 1, b completed 2, c completed 1, d completed 1, join completed 1',
        published: 'completed: a completed 1, b completed 2, c completed 1, d completed 1, join skipped 0',
      },
    },
  ),
  oneWorkflow('two failures side by side', [step('a', wantsMending), step('b', wantsMending), step('c', 'true')], {
    settings: goOn,
    first: 'failed: a failed 1, b failed 1, c completed 1',
    resumed: 'completed: a completed 2, b completed 2, c completed 1',
  }),
  oneWorkflow(
    'a failure that other branches outlive',
    [
      step('a', wantsMending),
      step('b', 'true', after('a')),
      step('x', 'true'),
      step('y', 'true', after('x')),
      step('z', 'true', after('y')),
    ],
    {
      settings: goOn,
      first: 'failed: a failed 1, b skipped 0, x completed 1, y completed 1, z completed 1',
      resumed: {
        rundesk: 'completed: a completed 2, b completed 1, x completed 1, y completed 1, z completed 1',
        published: 'completed: a completed 2, b skipped 0, x completed 1, y completed 1, z completed 1',
      },
    },
  ),
  oneWorkflow(
    'a join below two failures',
    [step('a', wantsMending), step('b', wantsMending), step('c', 'true', after('a', 'b'))],
    {
      settings: goOn,
      first: 'failed: a failed 1, b failed 1, c skipped 0',
      resumed: {
        rundesk: 'completed: a completed 2, b completed 2, c completed 1',
        published: 'completed: a completed 2, b completed 2, c skipped 0',
      },
    },
  ),
  oneWorkflow('retries that are used up', [step('a', wantsMending, { retries: 2 })], {
    settings: { errorHandling: { strategy: 'retry', maxRetries: 0, retryDelayMs: 10 } },
    first: 'failed: a failed 3',
    resumed: 'completed: a completed 4',
  }),
  oneWorkflow("the file's retries", [step('a', wantsMending), step('b', 'true', after('a'))], {
    settings: { errorHandling: { strategy: 'retry', maxRetries: 1, retryDelayMs: 10 } },
    first: 'failed: a failed 2, b skipped 0',
    resumed: {
      rundesk: 'completed: a completed 3, b completed 1',
      published: 'completed: a completed 3, b skipped 0',
    },
  }),
  oneWorkflow('no word of errors: two retries', [step('a', wantsMending)], {
    settings: {},
    first: 'failed: a failed 3',
    resumed: 'completed: a completed 4',
  }),
  oneWorkflow(
    'a step that also fails at first when it is resumed',
    [step('a', 'test $(wc -l < bodies) -ge 4', { retries: 1 })],
    {
      settings: { errorHandling: { strategy: 'fail-fast', retryDelayMs: 10 } },
      first: 'failed: a failed 2',
      resumed: 'completed: a completed 4',
    },
  ),
  oneWorkflow('a step that takes too long', [step('a', 'test -f mended || exec sleep 20', { timeoutMs: 1500 })], {
    first: 'failed: a failed 1',
    resumed: 'completed: a completed 2',
  }),
  oneWorkflow(
    'a text that the output lacks',
    [step('a', 'ls', { verification: { type: 'output_contains', value: 'mended' } })],
    {
      first: 'failed: a failed 1',
      resumed: 'completed: a completed 2',
    },
  ),
  oneWorkflow(
    'a file that is missing',
    [step('a', 'true', { verification: { type: 'file_exists', value: 'mended' } })],
    {
      first: 'failed: a failed 1',
      resumed: 'completed: a completed 2',
    },
  ),
  oneWorkflow(
    'a check of its own that fails',
    [step('a', 'true', { verification: { type: 'custom', value: wantsMending } }), step('b', 'true', after('a'))],
    {
      first: 'failed: a failed 1, b skipped 0',
      resumed: {
        rundesk: 'completed: a completed 2, b completed 1',
        published: 'completed: a completed 2, b skipped 0',
      },
    },
  ),
  oneWorkflow(
    'text in many scripts',
    [
      step('grüße', "printf 'not reached'"),
      step('plain', "printf 'Zürich, 東京, 🚲'"),
      step(
        '東',
        `${wantsMending} && printf '%s' "{{steps.plain.output}} {{steps.grüße.output}}"`,
        after('plain', 'grüße'),
      ),
    ],
    {
      first: 'failed: grüße completed 1, plain completed 1, 東 failed 1',
      resumed: 'completed: grüße completed 1, plain completed 1, 東 completed 2',
      outputs: { 東: 'Zürich, 東京, 🚲 {{steps.grüße.output}}' },
    },
  ),
  oneWorkflow(
    'a large output',
    [step('a', "head -c 1000000 /dev/zero | tr '\\0' x"), step('b', wantsMending, after('a'))],
    {
      first: 'failed: a completed 1, b failed 1',
      resumed: 'completed: a completed 1, b completed 2',
    },
  ),
  oneWorkflow(
    'an output that a later step uses',
    [step('a', "printf 'one two'"), step('b', `${wantsMending} && printf '%s!' "{{steps.a.output}}"`, after('a'))],
    {
      first: 'failed: a completed 1, b failed 1',
      resumed: 'completed: a completed 1, b completed 2',
      outputs: { b: 'one two!' },
    },
  ),
  oneWorkflow(
    'names that are no file names',
    [
      step('a b', 'echo one'),
      step('c/d', 'echo two', after('a b')),
      step('$(e)', 'echo three', after('c/d')),
      step('..', wantsMending, after('$(e)')),
    ],
    {
      first: 'failed: a b completed 1, c/d completed 1, $(e) completed 1, .. failed 1',
      resumed: 'completed: a b completed 1, c/d completed 1, $(e) completed 1, .. completed 2',
    },
  ),
  oneWorkflow(
    'a folder of its own',
    [step('a', 'mkdir sub'), step('b', 'test -f ../mended', { ...after('a'), cwd: 'sub' })],
    {
      first: 'failed: a completed 1, b failed 1',
      resumed: 'completed: a completed 1, b completed 2',
      outputs: { b: '' },
    },
  ),
  oneWorkflow(
    'what a step leaves in its state',
    [step('a', `test -z "$RUNDESK_STATE" || printf '{"k":1}' > "$RUNDESK_STATE"`), step('b', wantsMending, after('a'))],
    {
      first: 'failed: a completed 1, b failed 1',
      resumed: 'completed: a completed 1, b completed 2',
    },
  ),
  oneWorkflow(
    'one at a time, with keys that nobody knows',
    [step('a', 'true', { colour: 'blue' }), step('b', wantsMending, { ...after('a'), description: 'second' })],
    {
      settings: {
        ...failFast,
        swarm: { pattern: 'pipeline', maxConcurrency: 1 },
        description: 'kept',
        note: [1, null],
      },
      first: 'failed: a completed 1, b failed 1',
      resumed: 'completed: a completed 1, b completed 2',
    },
  ),
  {
    name: 'the second workflow of a file',
    workflows: [
      { name: 'other', steps: [step('x', 'false')] },
      { name: 'main', steps: [step('a', 'true'), step('b', wantsMending, after('a'))] },
    ],
    settings: failFast,
    first: 'failed: a completed 1, b failed 1',
    resumed: 'completed: a completed 1, b completed 2',
    outputs: {},
  },
  {
    name: 'checks before the first step, which a resume leaves out',
    workflows: [
      {
        name: 'main',
        preflight: [
          { command: 'test ! -f mended' },
          { command: 'cat flow.yaml', successIf: 'preflight' },
          { command: 'ls', failIf: '^mended$' },
        ],
        steps: [step('a', 'true'), step('b', wantsMending, after('a'))],
      },
    ],
    settings: failFast,
    first: 'failed: a completed 1, b failed 1',
    resumed: 'completed: a completed 1, b completed 2',
    outputs: {},
  },
  oneWorkflow('a step that a signal ends', [step('a', 'test -f mended || kill -9 $$')], {
    first: { rundesk: 'failed: a failed 1', published: 'completed: a completed 1' },
    resumed: 'completed: a completed 2',
  }),
]
