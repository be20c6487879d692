import { HmaError } from '../../core/errors.ts'
import { AzureError, unreached } from '../errors/azureError.ts'
import { problemOf, tidy } from '../errors/problem.ts'
import { Unreachable } from '../http/unreachable.ts'
import { type Auth, loginHints } from './auth.ts'
import { hintForSignIn } from './signInHint.ts'

/** How a sign-in that fails is told to the operator. */
export interface SignInWords {
  /** Follows `Could not`. */
  readonly doing: string
  /** What helps against a code of Entra (`AADSTS7000215`), or where the failure has none. */
  hint(code: string | undefined): string | undefined
}

export const wordsOf = (auth: Auth, tenantId: string): SignInWords => ({
  doing: `sign in to tenant ${tenantId} (${auth.credential})`,
  hint: (code) => (code === undefined ? undefined : hintForSignIn(code)) ?? loginHints[auth.credential](tenantId),
})

/** What @azure/identity, or the connection below it, threw. */
export function signInError({ doing, hint }: SignInWords, error: unknown): Error {
  if (error instanceof Unreachable) return unreached({ service: 'login', doing }, error)
  if (error instanceof HmaError || !(error instanceof Error) || error.name === 'AbortError')
    return error instanceof Error ? error : new Error(String(error))
  const code = /AADSTS\d+/.exec(error.message)?.[0]
  if (code === undefined) {
    if (/endpoints_resolution_error/.test(error.message))
      return new HmaError('HMA203', `Could not ${doing}: the authority knows no such tenant`, {
        hint: hint('AADSTS90002'),
        cause: error,
      })
    return new HmaError('HMA201', `Could not ${doing}: ${reasonIn(error)}`, { hint: hint(undefined), cause: error })
  }
  const description = error.message.slice(error.message.indexOf(code))
  const problem = problemOf('login', 400, JSON.stringify({ error_description: description }))
  const options = { hint: hint(code), retryable: false, cause: error }
  return new AzureError(`Could not ${doing}: ${problem.message}`, problem, options)
}

/** What a text of MSAL looks like that was made of an answer of another shape, or of its own stumbling over one. */
const stumbled =
  /\[object |is not (a function|iterable|an object|valid JSON)|^Cannot |^Unexpected |^Invalid |^undefined\b|^null\b/

function reasonIn({ message, name }: Error): string {
  const [line = name, ...links] = message.split('\n')
  if (stumbled.test(line)) return 'the answer has a shape that hma does not know'
  return /^ChainedTokenCredential/.test(line) && links.length > 0 ? tidy(reasonOfChain(links)) : tidy(line)
}

/** Several ways to sign in were tried, and each says in its first sentence why it led nowhere. */
function reasonOfChain(links: readonly string[]): string {
  const reasons = links.map((link) => /^(?:\w*Error: )*(.*?)(?:\.(?:\s|$)|$)/.exec(link)?.[1] ?? '')
  const told = reasons.filter((reason) => reason !== '' && !stumbled.test(reason))
  return `nobody is signed in, as far as hma can see (${[...new Set(told)].join('; ')})`
}
