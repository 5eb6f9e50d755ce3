import { useEffect, useState } from 'react'
import { toFailure } from '../../shared/outcome'
import { paletteTexts } from '../texts/en/palette'
import { useClient } from './client'
import { goToHash } from './route'
import { refuse, showToast } from './toasts'

/** Goes where somebody outside of the page asks for, tells what could not be opened, and takes the mouse's own way back. */
export function usePlaces(): void {
  const client = useClient()
  useEffect(() => {
    const tell = (text: string): void => showToast({ tone: 'refused', text, action: null })
    const stops = [
      client.on('places:asked', ({ hash, message }) => {
        if (hash !== null) goToHash(hash)
        if (message !== null) tell(message)
      }),
      client.on('places:moved', ({ way }) => (way === 'back' ? history.back() : history.forward())),
    ]
    client.request('places:notices', {}).then(({ notices }) => notices.forEach(tell), refuse)
    return () => {
      for (const stop of stops) stop()
    }
  }, [client])
  useEffect(() => {
    if (!window.rundesk) return
    const onMouse = (event: MouseEvent): void => {
      if (event.button === 3) history.back()
      if (event.button === 4) history.forward()
    }
    window.addEventListener('mouseup', onMouse)
    return () => window.removeEventListener('mouseup', onMouse)
  }, [])
}

/** Takes what is dragged onto the window: a folder, a file of runs, or a link. True while it is held over the window. */
export function useDrops(): boolean {
  const client = useClient()
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const isInText = ({ target }: DragEvent): boolean =>
      target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null
    const mayBeOurs = ({ dataTransfer }: DragEvent): boolean =>
      dataTransfer?.types.some((type) => type === 'Files' || type === 'text/uri-list') ?? false
    const onOver = (event: DragEvent): void => {
      if (isInText(event)) return
      event.preventDefault()
      setOver(mayBeOurs(event))
      if (event.dataTransfer) event.dataTransfer.dropEffect = mayBeOurs(event) ? 'link' : 'none'
    }
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent): void => {
      setOver(false)
      if (isInText(event)) return
      event.preventDefault() // What is foreign would take the page's place.
      if (mayBeOurs(event)) void openAll(targetsOf(event))
    }
    const openAll = async (targets: readonly string[]): Promise<void> => {
      for (const target of targets) {
        try {
          const { hash } = await client.request('places:open', { target })
          goToHash(hash)
        } catch (error) {
          refuse(new Error(toFailure(error).message))
        }
      }
    }
    window.addEventListener('dragover', onOver)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [client])
  return isOver
}

function targetsOf({ dataTransfer }: DragEvent): readonly string[] {
  const files = [...(dataTransfer?.files ?? [])]
  const { rundesk } = window
  if (files.length > 0 && !rundesk?.pathOf) {
    const text = paletteTexts.aBrowserDoesNotTell
    showToast({ tone: 'refused', text, action: null })
    return []
  }
  const paths = files.map((file) => rundesk?.pathOf?.(file) ?? '').filter((path) => path !== '')
  const links = (dataTransfer?.getData('text/uri-list') ?? '').split(/\r?\n/)
  const targets = paths.length > 0 ? paths : links.filter((line) => /^rundesk:/i.test(line))
  if (targets.length === 0) showToast({ tone: 'refused', text: paletteTexts.foreignDrop, action: null })
  return targets
}
