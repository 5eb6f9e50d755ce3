import { assertNever } from '../../shared/outcome'
import { keyDecisions } from '../../shared/rules/keyDecisions'
import type { Chapter, Decision, TrajectoryEvent } from '../../shared/trajectories'
import { readTrajectory } from './readTrajectory'
import type { TrajectoryDocument } from './trajectoryDocument'

/**
 * A record as a page of markdown, as it lies beside finished ones. Whatever the record lacks is left out; nothing in it
 * can make this throw.
 */
export function toMarkdown(document: TrajectoryDocument): string {
  const { title, startedAt, completedAt, source, description, chapters, retrospective, commits, filesChanged } =
    readTrajectory(document, document.id)
  const confidence = retrospective?.confidence ?? null
  const facts = [
    ['Status', wordOf(document.status)],
    ['Task', source ? (source.url ? `[${oneLine(source.id)}](${oneLine(source.url)})` : oneLine(source.id)) : null],
    ['Confidence', confidence === null ? null : `${Math.round(confidence * 100)}%`],
    ['Started', startedAt],
    ['Completed', completedAt],
  ].flatMap(([name, value]) => (value ? [`> **${name}:** ${value}`] : []))
  const decisions = keyDecisions({ chapters, retrospective })
  const sections = [
    `# Trajectory: ${oneLine(title)}\n\n${facts.join('\n')}`,
    description && `## Task\n\n${description}`,
    retrospective &&
      section('Summary', [
        retrospective.summary,
        retrospective.approach && `**Approach:** ${retrospective.approach}`,
        bullets('Challenges', retrospective.challenges),
        bullets('Learnings', retrospective.learnings),
        bullets('Suggestions', retrospective.suggestions),
      ]),
    section('Key decisions', decisions.map(toDecision)),
    section('Chapters', chapters.map(toChapter)),
    section('Artifacts', [
      [
        commits.length > 0 && `**Commits:** ${commits.map(oneLine).join(', ')}`,
        filesChanged.length > 0 && `**Files changed:** ${filesChanged.length}`,
      ]
        .filter(Boolean)
        .join('\n'),
    ]),
  ]
  return `${sections.filter(Boolean).join('\n\n---\n\n')}\n`
}

function wordOf(status: TrajectoryDocument['status']): string {
  switch (status) {
    case 'active':
      return 'Active'
    case 'completed':
      return 'Completed'
    case 'abandoned':
      return 'Abandoned'
    default:
      return assertNever(status)
  }
}

function section(title: string, parts: readonly (string | false)[]): string {
  const body = parts.filter(Boolean).join('\n\n')
  return body === '' ? '' : `## ${title}\n\n${body}`
}

function bullets(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `**${title}:**\n\n${items.map((item) => `- ${oneLine(item)}`).join('\n')}`
}

function toDecision({ question, chosen, alternatives, reasoning }: Decision): string {
  const lines = [
    `### ${oneLine(question || chosen)}`,
    chosen && `- **Chose:** ${oneLine(chosen)}`,
    alternatives.length > 0 && `- **Rejected:** ${alternatives.map(({ option }) => oneLine(option)).join(', ')}`,
    reasoning && `- **Reasoning:** ${oneLine(reasoning)}`,
  ]
  return lines.filter(Boolean).join('\n')
}

function toChapter(chapter: Chapter, index: number): string {
  const head = `### ${index + 1}. ${oneLine(chapter.title)}${chapter.agentName ? `\n*Agent: ${oneLine(chapter.agentName)}*` : ''}`
  const events = chapter.events.map((event: TrajectoryEvent) => `- ${oneLine(event.content)}`)
  return events.length === 0 ? head : `${head}\n\n${events.join('\n')}`
}

/** Text on one line, so that no content makes headings or quotes of its own. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
