import { type ComponentProps, lazy, Suspense } from 'react'
import controls from '../../styles/controls.module.css'
import { windowTexts } from '../../texts/en/window'

const Loaded = lazy(async () => ({ default: (await import('./CodeText')).CodeText }))

/** As `CodeText`, whose editor is loaded when a text is first shown. */
export function LazyCodeText(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense fallback={<p className={controls.secondary}>{windowTexts.loadingTheEditor}</p>}>
      <Loaded {...props} />
    </Suspense>
  )
}
