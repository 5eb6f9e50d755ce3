import { buildIfNeeded, installIfNeeded } from './lib.mjs'

// npm pack: what is packed is built from the sources that are there.
installIfNeeded()
buildIfNeeded()
