import workerUrl from './graphLayoutWorker.ts?worker&url'

/** What browsers with Trusted Types have; others start scripts from any text. */
interface TrustedTypes {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ) => { readonly createScriptURL: (url: string) => URL }
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes
  }
}

/** The one policy that the window's headers allow, for the one script that it starts by itself. */
const policy = window.trustedTypes?.createPolicy('rundesk-worker', {
  createScriptURL: (url) => {
    if (url !== workerUrl) throw new Error(`${url} is no script of the window, so it is not started.`)
    return url
  },
})

/** Starts the script that lays graphs out beside the window. */
export function startGraphWorker(): Worker {
  return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module' })
}
