import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A text that does harm wherever it is taken for more than text: as markup, script, link, terminal sequence or path. */
export const hostileText = [
  '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>',
  '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe> javascript:globalThis.hacked=1',
  '[x](javascript:globalThis.hacked=1) https://evil.example/ file:///etc/passwd',
  '\u001b]0;hacked\u0007\u001b[2J\u001b[31m\u009b31m\u0090\u0008 \u202egnp.exe ../../../outside/hacked',
].join(' ')

/** The id of the run that has steps, and that of the trajectory. */
export const hostileRun = 'a'.repeat(24)
export const hostileTrajectory = 'traj_hostile'

const at = '2026-11-20T10:00:00.000Z'
const text = hostileText

/** A workspace each of whose strings is hostile, in a folder of such a name inside `root`. Gives its path. */
export async function makeHostileWorkspace(root: string): Promise<string> {
  const folder = join(root, '<img src=x onerror="globalThis.hacked=1">\u001b]0;hacked\u0007 work')
  const files: Readonly<Record<string, unknown>> = {
    '.agent-relay/workflow-runs.jsonl': storeLines(),
    [`.agent-relay/step-outputs/${hostileRun}/one.md`]: text,
    '.trajectories/active/traj_hostile.json': trajectory(),
    '.trajectories/active/broken.json': text,
    'relay.yaml': workflowFile(),
    'workflows/broken.yaml': `version: '1.0'\nname: ${JSON.stringify(text)}\nswarm: ${JSON.stringify(text)}\nworkflows: []\n`,
    ...mountFiles(),
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

function storeLines(): string {
  const run = (change: object): object => ({
    kind: 'run',
    row: {
      id: hostileRun,
      workspaceId: text,
      workflowName: text,
      pattern: text,
      status: 'failed',
      config: { version: '1.0', name: text, description: text, workflows: [{ name: text, steps: [] }] },
      error: text,
      startedAt: at,
      createdAt: at,
      updatedAt: at,
      completedAt: at,
      rundesk: { file: text, by: text, state: { [text]: text } },
      ...change,
    },
  })
  const step = (number: number, change: object): object => ({
    kind: 'step',
    row: {
      id: String(number).repeat(24),
      runId: hostileRun,
      stepName: `${text}${number}`,
      agentName: text,
      stepType: 'deterministic',
      status: 'failed',
      task: text,
      dependsOn: number === 1 ? [] : [`${text}1`],
      retryCount: 0,
      output: text,
      error: text,
      startedAt: at,
      completedAt: at,
      createdAt: at,
      updatedAt: at,
      ...change,
    },
  })
  const lines = [
    run({}),
    step(1, { status: 'completed' }),
    step(2, {}),
    run({ id: `../../${text}`, workflowName: `other ${text}`, status: text }),
    run({ id: 'b'.repeat(24), status: 'completed', error: null }),
  ]
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"kind":"${text}\n`
}

function trajectory(): object {
  const decision = {
    question: text,
    chosen: text,
    alternatives: [text, { option: text, reason: text }],
    reasoning: text,
  }
  const events = [
    { ts: 1, type: 'decision', content: text, raw: decision, significance: 'high', tags: [text] },
    { ts: 2, type: text, content: text },
  ]
  return {
    id: hostileTrajectory,
    version: 1,
    task: { title: text, description: text, source: { system: text, id: text, url: 'javascript:globalThis.hacked=1' } },
    status: 'active',
    startedAt: at,
    agents: [{ name: text, role: text, joinedAt: at }],
    chapters: [{ id: text, title: text, agentName: text, startedAt: at, events }],
    retrospective: { summary: text, approach: text, confidence: 0.5, decisions: [decision], learnings: [text] },
    commits: [text],
    filesChanged: [text],
    tags: [text],
  }
}

function workflowFile(): object {
  const steps = [{ name: 'one', type: 'deterministic', command: `true # ${text}`, description: text }]
  return {
    version: '1.0',
    name: text,
    description: text,
    swarm: { pattern: 'dag' },
    agents: [],
    workflows: [{ name: text, description: text, steps }],
  }
}

function mountFiles(): Readonly<Record<string, unknown>> {
  const path = `/docs/${text.replaceAll('/', '-')}.md`
  const record = {
    commandId: 'mountcmd_1',
    workspaceId: text,
    remotePath: path,
    contentType: text,
    content: text,
    hash: '0'.repeat(64),
    exists: true,
    status: 'pending',
    firstSeenAt: at,
    lastAttemptAt: at,
    attemptCount: 5,
    needsAttention: true,
    lastError: `http 422: ${text}`,
    expectedRevision: text,
  }
  const letter = { opId: 'op_1', path, attempts: 1, lastStatus: 422, lastBody: text, ts: at }
  return {
    'tickets/.relay/state.json': { workspaceId: text, remoteRoot: text, status: text },
    'tickets/.relay/outbox/pending/mountcmd_1.json': record,
    'tickets/.relay/dead-letter/op_1.json': letter,
    'tickets/.relay/dead-letter/op_2.json': { ...letter, opId: 'op_2', path: '/../../../outside/hacked' },
    'tickets/.relay/dead-letter/op_3.json': text,
    'tickets/docs/a.md': text,
  }
}
