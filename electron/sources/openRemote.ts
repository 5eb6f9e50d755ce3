import type { SavedSource } from '../../shared/sources'
import { createDbosSource } from './dbos/dbosSource'
import type { SecretStore } from './secretStore'
import type { RunSource } from './source'

/** Makes the source of a saved one. Nothing is connected, and nothing of its engine loaded, before it is asked something. */
export type OpenRemote = (saved: SavedSource, context: { readonly secrets: SecretStore }) => RunSource

/** Opens the engine that a saved source names. */
export const openRemote: OpenRemote = (saved, context) => createDbosSource(saved, context)
