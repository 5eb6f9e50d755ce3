// Before the first frame, so that it has the look of the last time: useLook.ts remembers it.
{
  const { theme = 'system', contrast = 'system' } = JSON.parse(localStorage.getItem('look') ?? '{}')
  const says = (query) => matchMedia(query).matches
  const { dataset } = document.documentElement
  dataset.theme = theme === 'system' ? (says('(prefers-color-scheme: dark)') ? 'dark' : 'light') : theme
  dataset.contrast = contrast === 'system' ? (says('(prefers-contrast: more)') ? 'high' : 'normal') : contrast
}
