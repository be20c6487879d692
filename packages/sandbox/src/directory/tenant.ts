import { answer, bodyOf, type RequestContext } from './gate.ts'
import { isGuid, seconds } from './json.ts'
import { readRestrictions } from './objects/restrictions.ts'
import { requireOperation } from './permissions.ts'
import { isImposed, policyId, policyOf, restrictionsOf } from './policy.ts'
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
export function listOrganization(asked: RequestContext): Response {
  requireOperation(asked, 'organization')
  const { tenant } = asked.var
  return list(asked, { context: 'organization', properties: properties(tenant), items: [organizationBody(tenant)] })
}

/** `GET /organization/{id}` */
export function getOrganization(asked: RequestContext): Response {
  requireOperation(asked, 'organization')
  const { tenant } = asked.var
  const id = asked.req.param('id')?.toLowerCase()
  if (!isGuid(id)) throw bad(`Invalid object identifier '${id ?? ''}'.`)
  if (id !== tenant.id) throw notFound(id)
  return one(asked, { context: 'organization', properties: properties(tenant), item: organizationBody(tenant) })
}

/** `GET /policies/defaultAppManagementPolicy` */
export function getPolicy(asked: RequestContext): Response {
  requireOperation(asked, 'policy')
  const { azure, tenant } = asked.var
  const policy = policyOf(azure, tenant)
  const restrictions = restrictionsOf(policy)
  // What the sandbox's settings impose is not part of what was written.
  const written = isImposed(azure) ? undefined : tenant.writtenPolicy
  return answer(asked, {
    '@odata.context': `${asked.var.root}/$metadata#policies/defaultAppManagementPolicy/$entity`,
    id: policyId,
    displayName: 'Default app management tenant policy',
    description: 'Default tenant policy that enforces app management restrictions on applications and service principals.',
    isEnabled: policy.isEnabled,
    applicationRestrictions: written?.applications ?? restrictions,
    servicePrincipalRestrictions: written?.servicePrincipals ?? restrictions,
  })
}

/** `PATCH /policies/defaultAppManagementPolicy`: https://learn.microsoft.com/graph/api/tenantappmanagementpolicy-update */
export async function updatePolicy(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'writeApplicationPolicies')
  const { isEnabled, applicationRestrictions, servicePrincipalRestrictions, ...rest } = await bodyOf(asked)
  const stray = Object.keys(rest).find((name) => !name.includes('@odata.'))
  if (stray !== undefined) throw bad(`Invalid property '${stray}'.`)
  const { tenant } = asked.var
  const before = writtenOf(tenant)
  const changes = {
    isEnabled: isEnabled ?? before.isEnabled,
    applications: applicationRestrictions ?? before.applications,
    servicePrincipals: servicePrincipalRestrictions ?? before.servicePrincipals,
  }
  if (typeof changes.isEnabled !== 'boolean') throw bad("Invalid value specified for property 'isEnabled'.")
  for (const value of [changes.applications, changes.servicePrincipals])
    if (readRestrictions(value) === undefined) throw bad('Invalid value specified for the restrictions.')
  tenant.writtenPolicy = { ...changes, isEnabled: changes.isEnabled }
  return asked.body(null, 204)
}

/** The policy as it was last written, or as the world came with it. */
function writtenOf({ policy, writtenPolicy }: Tenant): NonNullable<Tenant['writtenPolicy']> {
  const restrictions = restrictionsOf(policy)
  return writtenPolicy ?? { isEnabled: policy.isEnabled, applications: restrictions, servicePrincipals: restrictions }
}
