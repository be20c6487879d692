import type { RequestContext } from '../gate.ts'
import { requireOperation } from '../permissions.ts'
import { list, one } from '../query.ts'
import { notFound } from '../refusal.ts'
import type { Body } from '../represent.ts'
import type { Tenant } from '../state.ts'

/** The domains of a tenant, each with its name as its id: https://learn.microsoft.com/graph/api/resources/domain */
const bodies = ({ domain }: Tenant): readonly Body[] => [
  {
    authenticationType: 'Managed',
    availabilityStatus: null,
    id: domain,
    isAdminManaged: true,
    isDefault: true,
    isInitial: true,
    isRoot: true,
    isVerified: true,
    passwordNotificationWindowInDays: 14,
    passwordValidityPeriodInDays: 2147483647,
    state: null,
    supportedServices: ['Email', 'OfficeCommunicationsOnline'],
  },
]

const properties = (tenant: Tenant): ReadonlySet<string> => new Set(bodies(tenant).flatMap((body) => Object.keys(body)))

/** `GET /domains` */
export function listDomains(asked: RequestContext): Response {
  requireOperation(asked, 'domains')
  const { tenant } = asked.var
  return list(asked, { context: 'domains', properties: properties(tenant), items: bodies(tenant) })
}

/** `GET /domains/{id}` */
export function getDomain(asked: RequestContext): Response {
  requireOperation(asked, 'domains')
  const { tenant } = asked.var
  const id = asked.req.param('id') ?? ''
  const item = bodies(tenant).find((body) => body.id === id.toLowerCase())
  if (item === undefined) throw notFound(id)
  return one(asked, { context: 'domains', properties: properties(tenant), item })
}
