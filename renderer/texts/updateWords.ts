import type { UpdateState } from '../../shared/updates'
import { updatesTexts } from './en/updates'

/** Where it stands with a newer version, in one sentence. */
export function phaseWords({ phase, newVersion, percent }: UpdateState): string {
  const { phases } = updatesTexts
  const version = newVersion ?? ''
  switch (phase) {
    case 'unknown':
    case 'checking':
    case 'current':
      return phases[phase]
    case 'downloading':
      return phases.downloading(version, percent ?? 0)
    case 'available':
    case 'ready':
    case 'installing':
      return phases[phase](version)
  }
}
