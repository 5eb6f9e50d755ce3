import type { UpdateInfo } from 'builder-util-runtime'
import { CancellationToken, HttpError } from 'builder-util-runtime'
import { type AppUpdater, Provider, type ResolvedUpdateFileInfo } from 'electron-updater'
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { hearing } from './hearing'
import { readSignedManifest } from './signedManifest'
import type { UpdateFeed } from './updateFeed'

/** A manifest is a few hundred bytes. */
const maxBytes = 256 * 1024

/** What a {@link SignedProvider} is made with. */
export interface SignedProviderOptions {
  readonly feed: UpdateFeed
  /** How long the server may take for its answer, in ms. */
  readonly answerMs: number
}

/** Gives electron-updater the newest release, of which it learns nothing before the signature of its manifest was checked. */
export class SignedProvider extends Provider<UpdateInfo> {
  readonly #feed: UpdateFeed
  readonly #answerMs: number

  constructor({ feed, answerMs }: SignedProviderOptions, _updater: AppUpdater, runtime: ProviderRuntimeOptions) {
    super(runtime)
    this.#feed = feed
    this.#answerMs = answerMs
  }

  /** electron-updater would send a number that it gives each installation: nobody is counted here. */
  override setRequestHeaders(): void {
    super.setRequestHeaders({ Accept: '*/*' })
  }

  async getLatestVersion(): Promise<UpdateInfo> {
    const name = `${this.getDefaultChannelName()}.yml`
    const text = await this.#get(name)
    if (text === null)
      throw new RundeskError(
        'unreachable',
        `The update server has no ${name}. Try again later, or look at ${this.#feed.page}.`,
      )
    const signature = await this.#get(`${name}.sig`)
    if (signature === null)
      throw new RundeskError(
        'refused',
        `${name} on the update server is not signed, so it is not trusted. Nothing was downloaded.`,
      )
    return readSignedManifest({ name, text, signature, publicKey: this.#feed.publicKey })
  }

  resolveFiles({ files }: UpdateInfo): ResolvedUpdateFileInfo[] {
    return files.map((info) => ({ url: this.#urlOf(info.url), info }))
  }

  #urlOf(name: string): URL {
    return new URL(encodeURIComponent(name), `${this.#feed.url.replace(/\/+$/, '')}/`)
  }

  /** The text of a file; null when the server has none of this name. */
  async #get(name: string): Promise<string | null> {
    const { host } = new URL(this.#feed.url)
    const token = new CancellationToken()
    let given: string | undefined
    const giveUp = (why: string): void => {
      given = why
      token.cancel()
    }
    const timer = setTimeout(() => giveUp(`no answer for ${Math.ceil(this.#answerMs / 1_000)} s`), this.#answerMs)
    let bytes = 0
    const limited = hearing(this.executor, (more) => {
      bytes += more
      if (bytes > maxBytes) giveUp('its answer does not end')
    })
    try {
      return (await limited.request(this.createRequestOptions(this.#urlOf(name)), token)) ?? ''
    } catch (error) {
      if (error instanceof HttpError && error.statusCode === 404) return null
      const cause = given ?? shortCause(error)
      throw new RundeskError(
        'unreachable',
        `The update server ${host} could not be asked (${cause}). Try again later.`,
        {
          cause: error,
        },
      )
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Why a request failed, without what the server said. */
export function shortCause(error: unknown): string {
  if (error instanceof HttpError) return `it answers ${error.statusCode}`
  return causeOf(error).split('\n')[0]?.slice(0, 200) ?? ''
}
