import type { Document } from 'yaml'
import { isSignIn } from './check/schemaProblems.ts'
import { completeSignIn } from './defaults.ts'
import type { Configuration } from './schema.ts'

/** What one document says of the cloud and of how to sign in there: enough to look round in it. */
export interface SignIn {
  /** Nothing where the document names no cloud. */
  readonly cloud?: Configuration['cloud']
  readonly auth: Configuration['auth']
  /** The same as it is written: references to the environment are still references. */
  readonly written: { readonly cloud?: unknown; readonly auth?: unknown }
  /** Where relative paths in it start. */
  readonly folder: string
  /** As in messages. */
  readonly file: string
  /** The environment of its deployment, where it is about one. */
  readonly environmentUrl?: string
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const enough: ReadonlySet<string> = new Set(['apiVersion', 'cloud', 'auth'])

/** Does a document say nothing but how to sign in, and where? */
export function isSignInAlone(value: unknown): boolean {
  const keys = isRecord(value) ? Object.keys(value) : []
  return keys.every((key) => enough.has(key)) && (keys.includes('auth') || keys.includes('cloud'))
}

type Place = Pick<SignIn, 'folder' | 'file'>

/** Of a document without mistakes that has nothing else. */
export const signInAlone = (value: unknown, document: Document.Parsed, place: Place): SignIn | undefined =>
  isSignIn(value) ? { ...said(completeSignIn(value, place.folder), document), ...place } : undefined

export const signInOf = (configuration: Configuration, document: Document.Parsed, place: Place): SignIn => ({
  ...said(configuration, document),
  ...place,
  ...(configuration.dynamics && { environmentUrl: configuration.dynamics.environmentUrl }),
})

function said({ cloud, auth }: Pick<Configuration, 'cloud' | 'auth'>, document: Document.Parsed) {
  const plain: unknown = document.toJS()
  const written = isRecord(plain) ? { cloud: plain.cloud, auth: plain.auth } : {}
  return { auth, written, ...(written.cloud !== undefined && { cloud }) }
}
