import type { Document } from 'yaml'
import { isSignIn } from './check/schemaProblems.ts'
import { completeSignIn } from './defaults.ts'
import type { Configuration } from './schema.ts'

/** One document's cloud and sign-in: enough for reading. */
export interface SignInSettings {
  /** Undefined if the document names no cloud. */
  readonly cloud?: Configuration['cloud']
  readonly auth: Configuration['auth']
  /** The same as written, with references to the environment unresolved. */
  readonly written: { readonly cloud?: unknown; readonly auth?: unknown }
  /** The folder that its relative paths start from. */
  readonly folder: string
  /** As in messages. */
  readonly file: string
  /** Its deployment's environment, if any. */
  readonly environmentUrl?: string
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const enough: ReadonlySet<string> = new Set(['apiVersion', 'cloud', 'auth'])

/** Does a document hold nothing but cloud and sign-in? */
export function isSignInAlone(value: unknown): boolean {
  const keys = isRecord(value) ? Object.keys(value) : []
  return keys.every((key) => enough.has(key)) && (keys.includes('auth') || keys.includes('cloud'))
}

type Place = Pick<SignInSettings, 'folder' | 'file'>

/** From a document without mistakes that has nothing else. */
export const signInAlone = (value: unknown, document: Document.Parsed, place: Place): SignInSettings | undefined =>
  isSignIn(value) ? { ...said(completeSignIn(value, place.folder), document), ...place } : undefined

export const signInOf = (configuration: Configuration, document: Document.Parsed, place: Place): SignInSettings => ({
  ...said(configuration, document),
  ...place,
  ...(configuration.dynamics && { environmentUrl: configuration.dynamics.environmentUrl }),
})

function said({ cloud, auth }: Pick<Configuration, 'cloud' | 'auth'>, document: Document.Parsed) {
  const plain: unknown = document.toJS()
  const written = isRecord(plain) ? { cloud: plain.cloud, auth: plain.auth } : {}
  return { auth, written, ...(written.cloud !== undefined && { cloud }) }
}
