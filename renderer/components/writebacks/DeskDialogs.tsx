import type { Mount } from '../../../shared/writebacks'
import type { DeskActs } from '../../state/useDeskActs'
import { writebacksTexts } from '../../texts/en/writebacks'
import { ChooseDialog } from './ChooseDialog'
import { LazyEditDialog } from './LazyEditDialog'
import { PreviewDialog } from './PreviewDialog'

/** The question that the desk has for a person, if any. */
export function DeskDialogs({ acts, mounts }: { readonly acts: DeskActs; readonly mounts: readonly Mount[] }) {
  const { question } = acts
  const close = (): void => acts.ask(null)
  switch (question?.kind) {
    case undefined:
      return null
    case 'retry':
      return (
        <PreviewDialog
          act={writebacksTexts.retry}
          which={question.which}
          onClose={close}
          onConfirm={({ setId, reason, plan }) => acts.retrySet(setId, { reason, plan })}
        />
      )
    case 'dismiss':
      return (
        <PreviewDialog
          act={writebacksTexts.dismiss}
          which={question.which}
          onClose={close}
          onConfirm={({ setId, reason }) => acts.dismissSet(setId, reason)}
        />
      )
    case 'edit':
      return (
        <LazyEditDialog
          item={question.item}
          mount={mounts.find(({ localDir }) => localDir === question.item.mount)}
          {...(question.startWith ? { startWith: question.startWith } : {})}
          onBegun={acts.begun}
          onClose={close}
        />
      )
    case 'choose':
      return (
        <ChooseDialog
          item={question.item}
          onBegun={acts.begun}
          onClose={close}
          onEdit={(startWith) => acts.ask({ kind: 'edit', item: question.item, startWith })}
        />
      )
  }
}
