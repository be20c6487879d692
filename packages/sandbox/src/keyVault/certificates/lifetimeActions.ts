import { isObject, numberAt, objectAt, same, textAt } from '../../resourceManager/json.ts'
import { badParameter } from '../errors.ts'
import type { Attributes, LifetimeAction, Policy } from '../state.ts'

const day = 86_400

/**
 * What happens before a certificate expires. A certificate that is signed elsewhere cannot renew itself:
 * https://learn.microsoft.com/azure/key-vault/certificates/overview-renew-certificate
 */
export function readLifetimeActions(list: readonly unknown[], issuer: string, months: number): LifetimeAction[] {
  return list.map((item) => {
    const body = isObject(item) ? item : {}
    const type = textAt(objectAt(body, 'action'), 'action_type') ?? ''
    const action_type = (['AutoRenew', 'EmailContacts'] as const).find((one) => same(one, type))
    if (!action_type) throw badParameter(`Action type '${type}' is not supported. Use 'AutoRenew' or 'EmailContacts'.`)
    if (action_type === 'AutoRenew' && same(issuer, 'Unknown')) {
      throw badParameter("Action type 'AutoRenew' is not supported for a certificate whose issuer is 'Unknown'.")
    }
    const trigger = objectAt(body, 'trigger')
    return {
      trigger: readTrigger(numberAt(trigger, 'lifetime_percentage'), numberAt(trigger, 'days_before_expiry'), months),
      action: { action_type },
    }
  })
}

function readTrigger(percentage: number | undefined, days: number | undefined, months: number): LifetimeAction['trigger'] {
  if (percentage !== undefined && days === undefined) {
    if (Number.isInteger(percentage) && percentage >= 1 && percentage <= 99) return { lifetime_percentage: percentage }
    throw badParameter(`'lifetime_percentage' has to be from 1 to 99, and is ${percentage}.`)
  }
  if (days !== undefined && percentage === undefined) {
    if (Number.isInteger(days) && days >= 1 && days <= months * 27) return { days_before_expiry: days }
    throw badParameter(`'days_before_expiry' has to be from 1 to ${months * 27} (validity_months times 27), and is ${days}.`)
  }
  throw badParameter("A trigger needs either 'lifetime_percentage' or 'days_before_expiry'.")
}

/** Seconds since 1970 at which the vault renews the certificate by itself; undefined where it does not. */
export function renewalTime(policy: Policy, { nbf, exp }: Attributes & { nbf: number; exp: number }): number | undefined {
  const renewal = policy.lifetime_actions.find(({ action }) => action.action_type === 'AutoRenew')
  if (!renewal || !same(policy.issuer.name, 'Self')) return undefined
  const { lifetime_percentage, days_before_expiry } = renewal.trigger
  if (days_before_expiry !== undefined) return exp - days_before_expiry * day
  return Math.floor(nbf + ((exp - nbf) * (lifetime_percentage ?? 80)) / 100)
}
