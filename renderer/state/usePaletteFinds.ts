import { useEffect, useState } from 'react'
import type { Client } from '../../shared/client'
import type { Workspace } from '../../shared/contract'
import type { Run } from '../../shared/runs'
import { actsTexts } from '../texts/en/acts'
import { ago } from '../texts/times'
import { runStatusWord, trajectoryWord, writebackWords } from '../texts/words'
import { useClient } from './client'
import type { PaletteEntry } from './paletteEntries'
import { navigate } from './route'

/** Typing is let go on for this long before main is asked, in ms. */
const afterMs = 90
const fewestCharacters = 2
const [mostRuns, mostOthers] = [8, 5]
/** Workflow files are looked for in so many workspaces. */
const mostWorkspaces = 20

/** Runs, writebacks and trajectories that what is typed occurs in, and workflow files: asked of main as it is typed. */
export function usePaletteFinds(typed: string, workspaces: readonly Workspace[]) {
  const client = useClient()
  const [finds, setFinds] = useState<{ readonly for: string; readonly entries: readonly PaletteEntry[] }>({
    for: '',
    entries: [],
  })
  const [workflows, setWorkflows] = useState<readonly PaletteEntry[]>([])
  const search = typed.trim()
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      const asked = search.length < fewestCharacters ? Promise.resolve([]) : findObjects(client, search)
      asked.then(
        (entries) => current && setFinds({ for: search, entries }),
        () => undefined, // The rest of the palette is there all the same.
      )
    }, afterMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [client, search])
  const names = JSON.stringify(workspaces.filter(({ trouble }) => trouble === null).map(({ id, name }) => [id, name]))
  useEffect(() => {
    let current = true
    const some = (JSON.parse(names) as [string, string][]).slice(0, mostWorkspaces)
    void Promise.all(some.map(([id, name]) => findWorkflows(client, id, name))).then(
      (found) => current && setWorkflows(found.flat()),
    )
    return () => {
      current = false
    }
  }, [client, names])
  return {
    entries: [...finds.entries, ...workflows],
    isAsking: finds.for !== search && search.length >= fewestCharacters,
  }
}

async function findObjects(client: Client, search: string): Promise<readonly PaletteEntry[]> {
  const all = { workspaceId: null, search, offset: 0 } as const
  const [runs, items, trajectories] = await Promise.all([
    client.request('runs:query', { ...all, filter: 'all', limit: mostRuns }),
    client.request('writebacks:query', { ...all, listLimit: 0, limit: mostOthers }),
    client.request('trajectories:query', { ...all, limit: mostOthers }),
  ])
  const found = { refusal: null, found: true } as const
  return [
    ...runs.rows.map((run) => ({
      ...found,
      id: `run ${run.workspaceId} ${run.id}`,
      group: actsTexts.runsFound(runs.total.toLocaleString('en')),
      label: `${run.workflowName} ${run.id.slice(0, 8)}`,
      note: noteOf(run),
      run: () => navigate({ screen: 'runs', workspaceId: run.workspaceId, filter: 'all', search: '', runId: run.id }),
    })),
    ...items.items.map((item) => ({
      ...found,
      id: `item ${item.key}`,
      group: actsTexts.writebacksFound(items.total.toLocaleString('en')),
      label: item.path ?? item.records[0]?.file ?? item.key,
      note: `${writebackWords[item.state].word}${item.message === null ? '' : `: ${item.message.slice(0, 160)}`}`,
      run: () => navigate({ screen: 'writebacks', workspaceId: item.workspaceId, openId: item.key }),
    })),
    ...trajectories.rows.map(({ id, workspaceId, title, status }) => ({
      ...found,
      id: `trajectory ${workspaceId} ${id}`,
      group: actsTexts.trajectoriesFound(trajectories.total.toLocaleString('en')),
      label: title,
      note: trajectoryWord(status).word,
      run: () => navigate({ screen: 'trajectories', workspaceId, search: '', trajectoryId: id }),
    })),
  ]
}

/** "Failed 2 h ago: connect ECONNREFUSED": runs of one name are told apart by when they ran and how they ended. */
function noteOf(run: Run): string {
  const { error, startedAt, completedAt } = run
  const when = ago(completedAt ?? startedAt, Date.now())
  return `${runStatusWord(run).word} ${when}${error === null ? '' : `: ${error.replace(/\s+/g, ' ').slice(0, 160)}`}`
}

async function findWorkflows(client: Client, workspaceId: string, name: string): Promise<readonly PaletteEntry[]> {
  const { files } = await client.request('workflows:list', { workspaceId }).catch(() => ({ files: [] }))
  return files.map(({ file }) => ({
    id: `workflow ${workspaceId} ${file}`,
    group: actsTexts.workflows,
    label: actsTexts.start(file),
    note: name,
    refusal: null,
    run: () => navigate({ screen: 'start', workspaceId, file, workflow: null }),
  }))
}
