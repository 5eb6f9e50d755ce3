import { type ComponentProps, lazy, Suspense } from 'react'

const Loaded = lazy(async () => ({ default: (await import('./EditDialog')).EditDialog }))

/** As `EditDialog`, which is loaded with its editor when somebody first edits. */
export function LazyEditDialog(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  )
}
