import type { ErrorCode } from '../../core/errorCodes.ts'
import { isCertificateProblem } from '../http/unreachable.ts'
import type { Problem, Service } from './problem.ts'
import { verdictOn } from './verdict.ts'

/** The entry of the catalogue that a refusal, or a connection that failed, belongs to: the one whose remedy helps. */
export function entryFor(problem: Problem): ErrorCode {
  const { service, status, codes, message } = problem
  if (status === undefined) return ofConnection(problem.code)
  if (service === 'login') return ofSignIn(problem)
  const known = byCode.find(([of, code]) => of === service && codes.includes(code))
  if (known) return known[2]
  if (status === 400 && /property uniqueName/i.test(message)) return 'HMA402'
  if (status === 401) return 'HMA204'
  if (status === 403) return missing[service]
  return status === 429 ? 'HMA504' : ofStatus(problem, status)
}

const ofStatus = (problem: Problem, status: number): ErrorCode => {
  if (status === 404) return 'HMA508'
  if (status === 409 || status === 412) return 'HMA404'
  return status >= 500 || verdictOn(problem) === 'transient' ? 'HMA505' : 'HMA405'
}

const ofConnection = (code: string): ErrorCode => (code === 'PROXY' ? 'HMA503' : isCertificateProblem(code) ? 'HMA502' : 'HMA501')

/** Entra counts a wrong tenant among its refusals (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
function ofSignIn({ code, status = 400 }: Problem): ErrorCode {
  if (code === 'AADSTS90002' || code === 'AADSTS900023') return 'HMA203'
  if (status === 429) return 'HMA504'
  return status >= 500 ? 'HMA505' : 'HMA202'
}

const missing: Readonly<Record<Service, ErrorCode>> = {
  graph: 'HMA301',
  keyVault: 'HMA302',
  resourceManager: 'HMA303',
  dataverse: 'HMA304',
  exchange: 'HMA307',
  login: 'HMA202',
}

/** What the status alone does not tell. */
const byCode: readonly (readonly [Service, string, ErrorCode])[] = [
  ['keyVault', 'ForbiddenByFirewall', 'HMA305'],
  ['keyVault', 'ForbiddenByConnection', 'HMA305'],
  ['graph', 'CredentialTypeNotAllowedAsPerAppPolicy', 'HMA306'],
  ['graph', 'CredentialInvalidLifetimeAsPerAppPolicy', 'HMA306'],
  ['graph', 'Directory_ResourceSizeExceeded', 'HMA406'],
  ['graph', 'Directory_QuotaExceeded', 'HMA406'],
  ['resourceManager', 'VaultAlreadyExists', 'HMA402'],
  ['resourceManager', 'ResourceGroupNotFound', 'HMA134'],
  ['resourceManager', 'SubscriptionNotFound', 'HMA134'],
]
