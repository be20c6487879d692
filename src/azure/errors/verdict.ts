import type { Problem, Service } from './problem.ts'

/**
 * `transient`: the service is busy or broken for now. `lag`: it does not know yet what was done a moment ago, or
 * what is there only becomes visible by looking again. `refusal`: a right is missing, or does not count yet.
 * `final`: a repeat changes nothing.
 */
export type Verdict = 'transient' | 'lag' | 'refusal' | 'final'

interface Rule {
  readonly service?: Service
  readonly status?: number
  readonly code?: string
  readonly says?: RegExp
  readonly verdict: Verdict
}

/**
 * The first rule that fits decides. Sources: https://learn.microsoft.com/graph/errors,
 * https://learn.microsoft.com/azure/key-vault/general/rest-error-codes,
 * https://learn.microsoft.com/azure/key-vault/general/common-error-codes,
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits,
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode; the directory's lag as
 * https://github.com/hashicorp/terraform-provider-azuread and https://github.com/nais/azurerator met it.
 */
const rules: readonly Rule[] = [
  { service: 'graph', code: 'Directory_ConcurrencyViolation', verdict: 'transient' },
  { service: 'graph', code: 'NoBackingApplicationObject', verdict: 'lag' },
  { service: 'graph', status: 400, says: /does not reference a valid application object/i, verdict: 'lag' },
  { service: 'graph', status: 403, says: /backing application of the service principal/i, verdict: 'lag' },
  { service: 'graph', status: 400, says: /not a valid reference update/i, verdict: 'lag' },
  { service: 'graph', status: 400, says: /same value for property uniqueName/i, verdict: 'lag' },
  { service: 'graph', code: 'Request_MultipleObjectsWithSameKeyValue', verdict: 'lag' },
  { service: 'keyVault', code: 'ObjectIsDeletedButRecoverable', verdict: 'lag' },
  { service: 'keyVault', code: 'ObjectIsBeingDeleted', verdict: 'lag' },
  { service: 'keyVault', code: 'ObjectIsBeingRecovered', verdict: 'lag' },
  { service: 'keyVault', status: 409, verdict: 'lag' },
  // A right that was given a moment ago takes minutes to count in the vault.
  { service: 'keyVault', code: 'AccessDenied', verdict: 'refusal' },
  { service: 'keyVault', code: 'ForbiddenByPolicy', verdict: 'refusal' },
  { service: 'keyVault', code: 'ForbiddenByRbac', verdict: 'refusal' },
  { service: 'resourceManager', code: 'PrincipalNotFound', verdict: 'lag' },
  { service: 'resourceManager', code: 'ConflictError', says: /deleted state/i, verdict: 'lag' },
  { service: 'resourceManager', code: 'ConflictError', verdict: 'transient' },
  { service: 'resourceManager', code: 'ResourceGroupNotFound', verdict: 'final' },
  { service: 'resourceManager', code: 'SubscriptionNotFound', verdict: 'final' },
  { service: 'login', status: 404, verdict: 'final' },
  { service: 'exchange', code: 'ErrorServerBusy', verdict: 'transient' },
  { service: 'exchange', code: 'ErrorMailboxMoveInProgress', verdict: 'transient' },
  { service: 'exchange', code: 'ErrorMailboxStoreUnavailable', verdict: 'transient' },
  { service: 'exchange', code: 'ErrorConnectionFailed', verdict: 'transient' },
  { service: 'exchange', code: 'ErrorADUnavailable', verdict: 'transient' },
  { service: 'exchange', code: 'ErrorInternalServerTransientError', verdict: 'transient' },
  // Every SOAP fault has this status, whatever is the matter.
  { service: 'exchange', status: 500, verdict: 'final' },
  { service: 'exchange', status: 404, verdict: 'final' },
  { status: 404, verdict: 'lag' },
  { status: 408, verdict: 'transient' },
  { status: 429, verdict: 'transient' },
  { status: 500, verdict: 'transient' },
  { status: 502, verdict: 'transient' },
  { status: 503, verdict: 'transient' },
  { status: 504, verdict: 'transient' },
]

export const verdictOn = (problem: Problem): Verdict => rules.find((rule) => fits(rule, problem))?.verdict ?? 'final'

const fits = (rule: Rule, problem: Problem): boolean =>
  (rule.service === undefined || rule.service === problem.service) &&
  (rule.status === undefined || rule.status === problem.status) &&
  (rule.code === undefined || problem.codes.includes(rule.code)) &&
  (rule.says === undefined || rule.says.test(problem.message))
