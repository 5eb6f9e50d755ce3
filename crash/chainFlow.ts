import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The steps of the workflow, each of which adds one to a key of the state that has its name. */
export const chainSteps = ['a', 'b', 'c', 'd'] as const
export type ChainStep = (typeof chainSteps)[number]

/** What a body kills while it runs, and whether it then stays or goes on. Made by a file, so that it happens once. */
export interface BodyKill {
  readonly step: ChainStep
  /** Before or after it has changed its copy of the state. */
  readonly when: 'before' | 'after'
  readonly whom: 'step' | 'runner' | 'runner-and-stays'
}

/** The state that a run ends with, however often it was interrupted. */
export const wantedState = '{"a":1,"b":1,"c":1,"d":1,"total":3}'

/** What the last step says: it uses the state and an output of others. */
export const wantedOutput = 'b is 1, c said out\n'

/**
 * Sourced by every step: tells outside of Rundesk that its body runs, and raises its key in its copy of the state, and
 * `total` where the steps run one after the other. What a failed attempt left would be seen as a 2.
 */
const body = `
bump() {
  IFS= read -r state < "$RUNDESK_STATE" || :
  case $state in
    *"\\"$1\\":"*)
      rest=\${state#*"\\"$1\\":"}
      count=\${rest%%[,\\}]*}
      state="\${state%%"\\"$1\\":"*}\\"$1\\":$((count + 1))\${rest#"$count"}" ;;
    '{}') state="{\\"$1\\":1}" ;;
    *) state="\${state%\\}},\\"$1\\":1}" ;;
  esac
  printf '%s' "$state" > "$RUNDESK_STATE"
}
die() {
  test -f kill || return 0
  read -r who when whom < kill
  test "$who $when" = "$step $1" || return 0
  rm kill
  echo "$who $when $whom" > killed
  case $whom in
    step) kill -9 $$ ;;
    runner) kill -9 "$(cat runner.pid)" ;;
    runner-and-stays) kill -9 "$(cat runner.pid)"; exec sleep 60 ;;
  esac
}
echo "$step" >> bodies
die before
bump "$step"
test "$step" = c || bump total
die after
`

const background = 'sleep 60 >/dev/null 2>&1'
const commands: Readonly<Record<ChainStep, string>> = {
  a: 'step=a; . ./body.sh',
  b: 'step=b; . ./body.sh; test -f tried || { : > tried; exit 1; }',
  c: `step=c; . ./body.sh; ${background} & setsid ${background} & printf out`,
  d: 'step=d; . ./body.sh; echo "b is {{state.b}}, c said {{steps.c.output}}"',
}

const flow = {
  version: '1.0',
  name: 'chain',
  swarm: { pattern: 'dag' },
  agents: [],
  trajectories: false,
  errorHandling: { strategy: 'fail-fast', retryDelayMs: 5 },
  workflows: [
    {
      name: 'main',
      steps: [
        { name: 'a', type: 'deterministic', command: commands.a },
        { name: 'b', type: 'deterministic', dependsOn: ['a'], retries: 1, command: commands.b },
        {
          name: 'c',
          type: 'deterministic',
          dependsOn: ['a'],
          command: commands.c,
          verification: { type: 'output_contains', value: 'out' },
        },
        { name: 'd', type: 'deterministic', dependsOn: ['b', 'c'], command: commands.d },
      ],
    },
  ],
}

/** Makes a folder ready: the workflow file and the script that its steps share. */
export async function writeChainFlow(dir: string): Promise<void> {
  await writeFile(join(dir, 'body.sh'), body)
  await writeFile(join(dir, 'flow.yaml'), JSON.stringify(flow))
}

/** Asks for a kill by a body of the next life. */
export async function askBodyToKill(dir: string, { step, when, whom }: BodyKill): Promise<void> {
  await writeFile(join(dir, 'kill'), `${step} ${when} ${whom}\n`)
}

/** How often the body of each step has run so far, as the bodies themselves tell. */
export async function countBodies(dir: string): Promise<Readonly<Record<ChainStep, number>>> {
  const lines = (await readFile(join(dir, 'bodies'), 'utf8').catch(() => '')).split('\n')
  const count = (step: ChainStep): number => lines.filter((line) => line === step).length
  return { a: count('a'), b: count('b'), c: count('c'), d: count('d') }
}
