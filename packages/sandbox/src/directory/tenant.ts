import { type Asked, answer } from './gate.ts'
import { isGuid, seconds } from './json.ts'
import { demand } from './permissions.ts'
import { policyId, policyOf, restrictionsOf } from './policy.ts'
import { list, one } from './query.ts'
import { bad, notFound } from './refusal.ts'
import type { Tenant } from './state.ts'

const organizationBody = ({ id, displayName, domain, createdDateTime }: Tenant) => ({
  id,
  deletedDateTime: null,
  businessPhones: [],
  city: null,
  country: null,
  countryLetterCode: 'NL',
  createdDateTime: seconds(createdDateTime),
  displayName,
  onPremisesSyncEnabled: true,
  preferredLanguage: 'en',
  technicalNotificationMails: [],
  tenantType: 'AAD',
  assignedPlans: [],
  provisionedPlans: [],
  verifiedDomains: [
    { capabilities: 'Email, OfficeCommunicationsOnline', isDefault: true, isInitial: true, name: domain, type: 'Managed' },
  ],
})

const properties = (tenant: Tenant): ReadonlySet<string> => new Set(Object.keys(organizationBody(tenant)))

/** `GET /organization` */
export function listOrganization(asked: Asked): Response {
  demand(asked, 'organization')
  const { tenant } = asked.var
  return list(asked, { context: 'organization', properties: properties(tenant), items: [organizationBody(tenant)] })
}

/** `GET /organization/{id}` */
export function getOrganization(asked: Asked): Response {
  demand(asked, 'organization')
  const { tenant } = asked.var
  const id = asked.req.param('id')?.toLowerCase()
  if (!isGuid(id)) throw bad(`Invalid object identifier '${id ?? ''}'.`)
  if (id !== tenant.id) throw notFound(id)
  return one(asked, { context: 'organization', properties: properties(tenant), item: organizationBody(tenant) })
}

/** `GET /policies/defaultAppManagementPolicy` */
export function getPolicy(asked: Asked): Response {
  demand(asked, 'policy')
  const policy = policyOf(asked.var.azure, asked.var.tenant)
  const restrictions = restrictionsOf(policy)
  return answer(asked, {
    '@odata.context': `${asked.var.root}/$metadata#policies/defaultAppManagementPolicy/$entity`,
    id: policyId,
    displayName: 'Default app management tenant policy',
    description: 'Default tenant policy that enforces app management restrictions on applications and service principals.',
    isEnabled: policy.isEnabled,
    applicationRestrictions: restrictions,
    servicePrincipalRestrictions: restrictions,
  })
}
