import { isRef } from '../../core/graph.ts'
import { isMoment, moment } from '../moment.ts'
import { harmless } from '../terminal/line.ts'

/** The address within its deployment, without the deployment's name. */
export const localAddress = (address: string, deployment: string): string =>
  harmless(address.startsWith(`${deployment}/`) ? address.slice(deployment.length + 1) : address)

/** A value of a plan in one line. */
export function shown(value: unknown, deployment: string): string {
  if (value === undefined || value === null) return '(none)'
  if (isRef(value)) return `(from ${localAddress(value.$ref, deployment)}: ${harmless(value.field)})`
  if (typeof value === 'string' && isMoment(value)) return moment(value)
  if (typeof value === 'string') return value === '' || value.trim() !== value ? harmless(JSON.stringify(value)) : harmless(value)
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map((one) => shown(one, deployment)).join(', ')
  return harmless(JSON.stringify(value) ?? String(value))
}

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Worth showing for something new: short, and not an identifier that means nothing to people. */
export function isInformative(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true
  if (Array.isArray(value))
    return value.length > 0 && value.length <= 3 && value.every((one) => typeof one === 'string' && isInformative(one))
  return typeof value === 'string' && value !== '' && value.length <= 60 && !guid.test(value)
}
