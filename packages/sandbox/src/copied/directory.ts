import { createHash } from 'node:crypto'
import type { Azure } from '../azure.ts'
import { keptSecret } from '../directory/credentials/passwords.ts'
import { foreignServicePrincipal, newApplication, newServicePrincipal } from '../directory/objects/make.ts'
import type {
  Application,
  AppRoleAssignment,
  KeyCredential,
  PasswordCredential,
  ServicePrincipal,
  Tenant,
} from '../directory/state.ts'
import { isObject, type JsonObject, listAt, textAt, textsAt } from '../resourceManager/json.ts'
import { type Copy, type InTenant, standIn } from './copy.ts'
import { putEach } from './fault.ts'
import { assignedPolicyIn, policyIn } from './policies.ts'
import type { Replaced } from './vaultContents.ts'

/** Replaces what was seeded under the same ids with the copied registrations, service principals, consent and policies. */
export async function putDirectory(azure: Azure, copy: Copy, replaced: Replaced): Promise<void> {
  const tenantOf = ({ tenantId }: InTenant): Tenant | undefined => azure.world.directory.tenants[tenantId.toLowerCase()]
  await putEach(copy.applications, 'applications', (one) => putApplication(tenantOf(one), one.body, replaced, null))
  await putEach(copy.deletedApplications, 'deletedApplications', (one) =>
    putApplication(tenantOf(one), one.body, replaced, textAt(one.body, 'deletedDateTime') ?? copy.at),
  )
  await putEach(copy.servicePrincipals, 'servicePrincipals', (one) => putPrincipal(azure, tenantOf(one), one.body))
  await putEach(copy.consents, 'consents', (one) => putConsent(azure, tenantOf(one), one.body))
  await putEach(copy.policies, 'policies', (one) => {
    const tenant = tenantOf(one)
    if (tenant) tenant.policy = policyIn(one.body)
  })
  await putEach(copy.assignedPolicies, 'assignedPolicies', (one) => {
    const tenant = tenantOf(one)
    if (tenant) (tenant.assignedPolicies ??= {})[one.applicationId] = assignedPolicyIn(one.body)
  })
}

const objectsAt = (body: JsonObject, name: string): readonly JsonObject[] => (listAt(body, name) ?? []).filter(isObject)

async function putApplication(
  tenant: Tenant | undefined,
  body: JsonObject,
  replaced: Replaced,
  deletedDateTime: string | null,
): Promise<void> {
  const [id, appId] = [textAt(body, 'id'), textAt(body, 'appId')]
  if (!tenant || id === undefined || appId === undefined) return
  const notes = textAt(body, 'notes')
  const seeded = Object.values(tenant.applications).find((one) => one.appId === appId)
  if (seeded) delete tenant.applications[seeded.id]
  const application: Application = {
    ...newApplication(textAt(body, 'displayName') ?? '', new Date(textAt(body, 'createdDateTime') ?? 0)),
    ...{ id, appId, deletedDateTime, tags: textsAt(body, 'tags') ?? [], uniqueName: textAt(body, 'uniqueName') ?? null },
    ...(notes !== undefined && { more: { notes } }),
    keyCredentials: await Promise.all(objectsAt(body, 'keyCredentials').map((one) => keyIn(one, replaced))),
    passwordCredentials: objectsAt(body, 'passwordCredentials').map(passwordIn),
    requiredResourceAccess: objectsAt(body, 'requiredResourceAccess').map((one) => ({
      resourceAppId: textAt(one, 'resourceAppId') ?? '',
      resourceAccess: objectsAt(one, 'resourceAccess').map((access) => ({
        id: textAt(access, 'id') ?? '',
        type: textAt(access, 'type') ?? '',
      })),
    })),
  }
  tenant.applications[id] = application
}

const times = (body: JsonObject) => ({
  keyId: textAt(body, 'keyId') ?? '',
  displayName: textAt(body, 'displayName') ?? null,
  startDateTime: textAt(body, 'startDateTime') ?? '',
  endDateTime: textAt(body, 'endDateTime') ?? '',
})

const passwordIn = (body: JsonObject): PasswordCredential => keptSecret(standIn(textAt(body, 'keyId') ?? ''), times(body))

const sha1 = (der: string): string => createHash('sha1').update(Buffer.from(der, 'base64')).digest('hex').toUpperCase()

/** Where this world's vault has a substitute for a key, the substitute is trusted; every other key stays as it was. */
async function keyIn(body: JsonObject, replaced: Replaced): Promise<KeyCredential> {
  const given = textAt(body, 'key') ?? ''
  const identifier = textAt(body, 'customKeyIdentifier') ?? ''
  const seen = given === '' ? hexOf(identifier) : sha1(given)
  const own = replaced.byThumbprint(seen) ?? (given === '' ? undefined : await replaced.byKey(given))
  const thumbprint = own === undefined ? seen : sha1(own)
  const { displayName, ...rest } = times(body)
  return {
    ...rest,
    displayName: displayName?.replaceAll(seen.slice(0, 16) || ' ', thumbprint.slice(0, 16)) ?? null,
    key: own ?? given,
    customKeyIdentifier: hexOf(identifier) === seen ? thumbprint : identifier,
    thumbprint,
    type: textAt(body, 'type') ?? 'AsymmetricX509Cert',
    usage: textAt(body, 'usage') ?? 'Verify',
  }
}

/** Graph shows the thumbprint in hex; older answers have base64. */
const hexOf = (identifier: string): string =>
  /^[0-9a-f]{40}$/i.test(identifier) ? identifier.toUpperCase() : Buffer.from(identifier, 'base64').toString('hex').toUpperCase()

function putPrincipal(azure: Azure, tenant: Tenant | undefined, body: JsonObject): void {
  const [id, appId] = [textAt(body, 'id'), textAt(body, 'appId')]
  if (!tenant || id === undefined || appId === undefined) return
  const known = Object.values(tenant.servicePrincipals).find((one) => one.appId === appId)
  const application = Object.values(tenant.applications).find((one) => one.appId === appId)
  const made = application && newServicePrincipal(tenant, application, azure.now())
  const base: ServicePrincipal = known ?? made ?? foreignServicePrincipal(appId, textAt(body, 'displayName') ?? '', azure.now())
  if (known) delete tenant.servicePrincipals[known.id]
  tenant.servicePrincipals[id] = {
    ...base,
    id,
    accountEnabled: body.accountEnabled !== false,
    servicePrincipalNames: textsAt(body, 'servicePrincipalNames') ?? base.servicePrincipalNames,
  }
}

function putConsent(azure: Azure, tenant: Tenant | undefined, body: JsonObject): void {
  const text = (name: keyof AppRoleAssignment): string => textAt(body, name) ?? ''
  const [id, resourceId] = [text('id'), text('resourceId')]
  if (!tenant || id === '') return
  if (tenant.servicePrincipals[resourceId] === undefined) {
    const stranger = foreignServicePrincipal(resourceId, textAt(body, 'resourceDisplayName') ?? '', azure.now())
    tenant.servicePrincipals[resourceId] = { ...stranger, id: resourceId }
  }
  const [appRoleId, principalId, createdDateTime] = [text('appRoleId'), text('principalId'), text('createdDateTime')]
  tenant.appRoleAssignments[id] = { id, appRoleId, createdDateTime, principalId, resourceId }
}
