import { HmaError } from '../../core/errors.ts'
import { refusal, unreached } from '../errors/azureError.ts'
import { problemOf, tidy } from '../errors/problem.ts'
import type { SignInIdentity } from '../errors/row.ts'
import { Unreachable } from '../http/unreachable.ts'
import { type Auth, loginHints } from './auth.ts'

/** How a sign-in that fails is reported. */
export interface SignInWords {
  /** Follows `Could not`. */
  readonly doing: string
  readonly identity: SignInIdentity
  /** What to do if the credential is not available. */
  readonly unavailable: string
  /** Not signed in at all: one line says so and what to run. */
  readonly notSignedIn?: string
}

/** Credentials that exist once a person has signed in. */
const byLogin: ReadonlySet<Auth['credential']> = new Set(['default', 'azureCli', 'azurePowerShell'])

export function wordsOf({ credential }: Auth, tenantId: string): SignInWords {
  const unavailable = loginHints[credential](tenantId)
  return {
    ...{ doing: `sign in to tenant ${tenantId} (${credential})`, identity: { tenantId }, unavailable },
    ...(byLogin.has(credential) && { notSignedIn: `Not signed in to ${tenantId}. ${unavailable}` }),
  }
}

/** Translates what @azure/identity, or the connection below it, threw. */
export function signInError(words: SignInWords, error: unknown): Error {
  const { doing, identity, unavailable, notSignedIn } = words
  if (error instanceof Unreachable) return unreached({ service: 'login', doing }, error)
  if (error instanceof HmaError || !(error instanceof Error) || error.name === 'AbortError')
    return error instanceof Error ? error : new Error(String(error))
  const code = codeIn(error.message)
  if (code !== undefined) {
    const description = /AADSTS\d/.test(error.message)
      ? error.message.slice(error.message.indexOf(code))
      : `${code}: the authority knows no such tenant`
    const problem = problemOf('login', 400, JSON.stringify({ error_description: description }))
    return refusal({ ...problem, status: undefined }, { service: 'login', doing, identity }, { cause: error })
  }
  if (notSignedIn !== undefined && isUnavailable(error))
    return new HmaError('HMA201', notSignedIn, { oneLine: true, details: error.message, cause: error })
  return new HmaError('HMA201', `Could not ${doing}: ${reasonIn(error)}`, {
    hint: unavailable,
    details: error.message,
    cause: error,
  })
}

/** MSAL's own wording for a tenant that does not exist. */
const codeIn = (message: string): string | undefined =>
  /AADSTS\d+/.exec(message)?.[0] ?? (/endpoints_resolution_error/.test(message) ? 'AADSTS90002' : undefined)

/** All credentials were tried and none has a token, as opposed to one of them failing. */
const isUnavailable = ({ name, message }: Error): boolean =>
  /CredentialUnavailable|ChainedTokenCredential|AggregateAuthentication/.test(name + message)

/** What MSAL's message looks like if it could not read an answer. */
const unreadableAnswer =
  /\[object |is not (a function|iterable|an object|valid JSON)|^Cannot |^Unexpected |^Invalid |^undefined\b|^null\b/

function reasonIn({ message, name }: Error): string {
  const [line = name] = message.split('\n')
  return unreadableAnswer.test(line) ? 'the answer has an unexpected format' : tidy(line)
}
