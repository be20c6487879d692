import { randomUUID, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { asClient, at, errorOf, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { ask, askForToken, bearer, principal, startSandbox, vaultTenant } from '../support/sandbox.ts'

// What other clients ask of Graph, with the source that shows how the service answers.

const { sandbox, client, reader } = ownSandbox()

const graph = 'https://graph.microsoft.com'
const v1 = `${graph}/v1.0`
const beta = `${graph}/beta`
const graphAppId = '00000003-0000-0000-c000-000000000000'
const made = async (body: object = {}) => (await client('POST', `${v1}/applications`, { displayName: 'stranger', ...body })).json
const advanced = { ConsistencyLevel: 'eventual' }

// azuread reads applications and service principals through beta, for one property each
describe('the beta version', () => {
  test('shows a property more of an application, and of a service principal', async () => {
    const { id, appId } = await made()
    const application = await client('GET', `${beta}/applications/${id}?$select=id,oauth2RequirePostResponse`)
    expect(application.json).toMatchObject({ id, oauth2RequirePostResponse: false })
    expect(String(application.json['@odata.context'])).toContain(`${beta}/$metadata#applications(`)
    await client('POST', `${beta}/servicePrincipals`, { appId })
    const found = await client('GET', `${beta}/servicePrincipals?$filter=appId eq '${appId}'&$select=samlMetadataUrl`)
    expect(valuesOf(found)).toEqual([{ samlMetadataUrl: null }])
    expect(errorOf(await client('GET', `${v1}/applications/${id}?$select=oauth2RequirePostResponse`)).code).toBe('BadRequest')
    expect(errorOf(await client('GET', `${graph}/v3.0/applications`)).message).toBe('Invalid version: v3.0')
  })
})

describe('requests of HashiCorp’s tests of azuread', () => {
  // azuread up to 2.x names the tenant before the collection (the Hamilton SDK, `HasTenantId`)
  test('the tenant may be named in the path', async () => {
    const { id } = await made()
    for (const named of [vaultTenant, 'myorganization'])
      expect((await client('GET', `${v1}/${named}/applications/${id}`)).json).toMatchObject({ id })
    expect(errorOf(await client('GET', `${v1}/${randomUUID()}/applications/${id}`)).code).toBe('BadRequest')
  })

  // azuread up to 2.x asks for the reference before it removes an owner (Hamilton, `ApplicationsClient.GetOwner`)
  test('a reference to an owner or a member is read', async () => {
    const { id, appId } = await made()
    const { json: principal } = await client('POST', `${v1}/servicePrincipals`, { appId })
    const names = { displayName: 'g', mailNickname: 'g', mailEnabled: false, securityEnabled: true }
    const { json: group } = await client('POST', `${v1}/groups`, names)
    for (const list of [`${v1}/applications/${id}/owners`, `${v1}/groups/${group.id}/members`]) {
      const reference = `${list}/${principal.id}/$ref`
      expect((await client('GET', reference)).status).toBe(404)
      await client('POST', `${list}/$ref`, { '@odata.id': `${v1}/directoryObjects/${principal.id}` })
      const place = `/directoryObjects/${principal.id}/Microsoft.DirectoryServices.ServicePrincipal`
      const expected = { '@odata.context': `${v1}/$metadata#$ref`, '@odata.id': expect.stringContaining(place) }
      expect((await client('GET', reference)).json).toEqual(expected)
    }
  })

  // az ad group member check, az ad user get-member-groups: https://learn.microsoft.com/graph/api/directoryobject-getmembergroups
  test('groups of which an object is a member, through others too', async () => {
    const { appId } = await made()
    const { json: principal } = await client('POST', `${v1}/servicePrincipals`, { appId })
    const group = async (member: unknown) => {
      const names = { displayName: 'g', mailNickname: 'g', mailEnabled: false, securityEnabled: true }
      const { json } = await client('POST', `${v1}/groups`, names)
      await client('POST', `${v1}/groups/${json.id}/members/$ref`, { '@odata.id': `${v1}/directoryObjects/${member}` })
      return String(json.id)
    }
    const inner = await group(principal.id)
    const outer = await group(inner)
    const other = await group((await client('POST', `${v1}/servicePrincipals`, { appId: (await made()).appId })).json.id)
    const object = `${v1}/servicePrincipals/${principal.id}`
    const all = await client('POST', `${object}/getMemberGroups`, { securityEnabledOnly: false })
    expect(all.json).toEqual({ '@odata.context': `${v1}/$metadata#Collection(Edm.String)`, value: [inner, outer] })
    const checked = await client('POST', `${v1}/directoryObjects/${principal.id}/checkMemberGroups`, { groupIds: [other, outer] })
    expect(checked.json.value).toEqual([outer])
    expect(valuesOf(await client('GET', `${object}/memberOf`))).toMatchObject([{ id: inner }])
    expect(valuesOf(await client('GET', `${v1}/groups/${inner}/transitiveMemberOf`))).toMatchObject([{ id: outer }])
    const tooMany = { groupIds: Array.from({ length: 21 }, () => outer) }
    expect((await client('POST', `${object}/checkMemberGroups`, tooMany)).status).toBe(400)
    expect((await reader('POST', `${object}/getMemberGroups`, {})).status).toBe(200)
  })

  // azuread up to 1.6 works with beta: https://learn.microsoft.com/graph/api/resources/serviceprincipal?view=graph-rest-beta
  test('beta calls the scopes of a service principal its published ones', async () => {
    const [own] = valuesOf(await client('GET', `${beta}/servicePrincipals?$filter=appId eq '${graphAppId}'`))
    expect(own?.publishedPermissionScopes).toEqual(expect.arrayContaining([expect.objectContaining({ value: 'User.Read' })]))
    expect(own).not.toHaveProperty('oauth2PermissionScopes')
  })

  // azuread_application_api_access
  test('a PATCH may repeat the id of the application, and no other', async () => {
    const { id } = await made()
    expect((await client('PATCH', `${v1}/applications/${id}`, { id, notes: 'kept' })).status).toBe(204)
    expect((await client('PATCH', `${v1}/applications/${id}`, { id: randomUUID(), notes: 'kept' })).status).toBe(400)
  })

  // azuread_application, block `password`
  test('a secret can be requested with the application, and is shown once', async () => {
    const application = await made({ passwordCredentials: [{ displayName: 'first', endDateTime: '2999-01-01T00:00:00Z' }] })
    const [password] = Array.isArray(application.passwordCredentials) ? application.passwordCredentials : []
    expect(password).toMatchObject({ displayName: 'first', secretText: expect.stringMatching(/^.{40}$/) })
    const again = await client('GET', `${v1}/applications/${application.id}`)
    expect(at(again.json, 'passwordCredentials', '0', 'secretText')).toBeNull()
    await client('POST', `${v1}/servicePrincipals`, { appId: application.appId })
    const fields = { grant_type: 'client_credentials', scope: `${graph}/.default`, client_id: String(application.appId) }
    expect((await askForToken(sandbox(), vaultTenant, { ...fields, client_secret: password.secretText })).status).toBe(200)
    for (const own of [{ secretText: 'mine' }, { keyId: randomUUID() }]) {
      const refused = await client('POST', `${v1}/applications`, { displayName: 'x', passwordCredentials: [own] })
      expect(refused.status).toBe(400)
    }
    const patched = await client('PATCH', `${v1}/applications/${application.id}`, {
      passwordCredentials: [{ displayName: 'second' }],
    })
    expect(errorOf(patched).message).toBe('New password credentials must be generated using service actions.')
  })

  // azuread_service_principal with use_existing; what the refusal says is UNCONFIRMED
  test('Microsoft’s own service principal is not deleted, unless the setting says so', async () => {
    const [own] = valuesOf(await client('GET', `${v1}/servicePrincipals?$filter=appId eq '${graphAppId}'`))
    expect((await client('DELETE', `${v1}/servicePrincipals/${own?.id}`)).status).toBe(403)
    const other = await startSandbox({ settings: { firstPartyDeletion: 'done' } })
    const there = asClient(other)
    const [theirs] = valuesOf(await there('GET', `${v1}/servicePrincipals?$filter=appId eq '${graphAppId}'`))
    expect((await there('DELETE', `${v1}/servicePrincipals/${theirs?.id}`)).status).toBe(204)
    await other.close()
  })

  // azuread_service_principal_delegated_permission_grant, data "azuread_application_published_app_ids"
  test('Graph’s service principal lists delegated scopes', async () => {
    const { json } = await client('GET', `${v1}/servicePrincipals(appId='${graphAppId}')`)
    const scopes = Array.isArray(json.oauth2PermissionScopes) ? json.oauth2PermissionScopes : []
    expect(scopes.find(({ value }) => value === 'User.Read')).toMatchObject({
      id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
      type: 'User',
    })
  })

  // azuread_service_principal, test "complete": it shows what the application says
  test('a service principal follows its application', async () => {
    const uri = `api://${randomUUID()}`
    const scope = {
      id: randomUUID(),
      value: 'read',
      type: 'User',
      isEnabled: true,
      adminConsentDisplayName: 'a',
      adminConsentDescription: 'b',
    }
    const { id, appId } = await made({ identifierUris: [uri], web: { homePageUrl: 'https://one.example' } })
    const { json: principal } = await client('POST', `${v1}/servicePrincipals`, { appId })
    expect(principal).toMatchObject({ homepage: 'https://one.example', servicePrincipalNames: [appId, uri] })
    await client('PATCH', `${v1}/applications/${id}`, {
      api: { oauth2PermissionScopes: [scope] },
      identifierUris: [`${uri}/next`],
    })
    const { json } = await client('GET', `${v1}/servicePrincipals/${principal.id}`)
    expect(json).toMatchObject({ servicePrincipalNames: [appId, `${uri}/next`], oauth2PermissionScopes: [{ value: 'read' }] })
  })

  // azuread_application_federated_identity_credential, and the flexible ones of beta
  test('federated identity credentials', async () => {
    const { id } = await made()
    const at1 = `${v1}/applications/${id}/federatedIdentityCredentials`
    const credential = {
      name: 'github',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:a/b:ref:main',
      audiences: ['api://AzureADTokenExchange'],
    }
    const { status, json } = await client('POST', at1, credential)
    expect([status, json]).toMatchObject([201, { ...credential, description: null }])
    expect((await client('POST', at1, credential)).status).toBe(409)
    expect((await client('PATCH', `${at1}/${json.id}`, { description: 'of the pipeline' })).status).toBe(204)
    expect((await client('GET', `${at1}(name='github')`)).json.description).toBe('of the pipeline')
    const { subject: _, ...rest } = credential
    const expression = { value: "claims['sub'] matches 'repo:a/*'", languageVersion: 1 }
    const flexible = await client('POST', at1.replace('v1.0', 'beta'), {
      ...rest,
      name: 'flexible',
      claimsMatchingExpression: expression,
    })
    expect(flexible.json).toMatchObject({ subject: null, claimsMatchingExpression: expression })
    expect((await client('DELETE', `${at1}/${json.id}`)).status).toBe(204)
    expect(valuesOf(await client('GET', at1))).toHaveLength(1)
  })

  // azuread_application asks for the domains before it plans identifier URIs
  test('domains', async () => {
    const [domain] = valuesOf(await client('GET', `${v1}/domains`))
    expect(domain).toMatchObject({
      id: sandbox().world.directory.tenants[vaultTenant]?.domain,
      isInitial: true,
      isVerified: true,
    })
    expect((await client('GET', `${v1}/domains/${domain?.id}`)).json.isDefault).toBe(true)
    expect((await reader('GET', `${v1}/domains`)).status).toBe(403)
  })

  // azuread_app_role_assignment, azuread_group, azuread_user
  test('users, groups and their members', async () => {
    const upn = `${randomUUID()}@${sandbox().world.directory.tenants[vaultTenant]?.domain}`
    const user = {
      accountEnabled: true,
      displayName: 'Anna',
      mailNickname: 'anna',
      userPrincipalName: upn,
      passwordProfile: { password: 'x' },
    }
    const anna = await client('POST', `${v1}/users`, user)
    expect([anna.status, anna.json.accountEnabled, anna.text.includes('"x"')]).toEqual([201, undefined, false])
    expect((await client('GET', `${v1}/users/${upn}?$select=accountEnabled`)).json.accountEnabled).toBe(true)
    // azuread_user up to 1.6 reads it so: only v1.0 shows a part (https://learn.microsoft.com/graph/api/user-get)
    expect((await client('GET', `${beta}/users/${upn}`)).json.accountEnabled).toBe(true)
    expect((await client('POST', `${v1}/users`, user)).status).toBe(400)
    const { json: group } = await client('POST', `${v1}/groups`, {
      displayName: 'G',
      mailEnabled: false,
      mailNickname: 'g',
      securityEnabled: true,
    })
    const reference = { '@odata.id': `${v1}/directoryObjects/${anna.json.id}` }
    expect((await client('POST', `${v1}/groups/${group.id}/members/$ref`, reference)).status).toBe(204)
    const listed = await client('GET', `${v1}/groups/${group.id}/members/microsoft.graph.user`)
    expect(valuesOf(listed)).toMatchObject([{ '@odata.type': '#microsoft.graph.user', displayName: 'Anna' }])
    expect(valuesOf(await client('GET', `${v1}/groups/${group.id}/members/graph.servicePrincipal`))).toEqual([])
    expect((await client('DELETE', `${v1}/groups/${group.id}/members/${anna.json.id}/$ref`)).status).toBe(204)
    expect((await client('DELETE', `${v1}/groups/${group.id}`)).status).toBe(204)
    expect((await client('GET', `${v1}/groups/${group.id}`)).status).toBe(404)
    expect((await client('DELETE', `${v1}/users/${upn}`)).status).toBe(204)
  })

  // https://learn.microsoft.com/graph/api/directory-deleteditems-list
  test('a deleted user can be restored or purged', async () => {
    const upn = `${randomUUID()}@${sandbox().world.directory.tenants[vaultTenant]?.domain}`
    const user = { accountEnabled: true, displayName: 'B', mailNickname: 'b', userPrincipalName: upn, passwordProfile: {} }
    const id = String((await client('POST', `${v1}/users`, user)).json.id)
    const deleted = `${v1}/directory/deletedItems`
    const listed = async () => valuesOf(await client('GET', `${deleted}/graph.user`)).map((one) => one.id)
    await client('DELETE', `${v1}/users/${id}`)
    expect(await listed()).toContain(id)
    expect((await client('GET', `${deleted}/${id}`)).json).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      userPrincipalName: upn,
    })
    expect((await client('POST', `${deleted}/${id}/restore`)).status).toBe(200)
    expect([(await client('GET', `${v1}/users/${upn}`)).status, (await listed()).includes(id)]).toEqual([200, false])
    await client('DELETE', `${v1}/users/${id}`)
    await client('POST', `${v1}/users`, user)
    expect((await client('POST', `${deleted}/${id}/restore`)).status).toBe(400)
    expect((await reader('DELETE', `${deleted}/${id}`)).status).toBe(403)
    expect((await client('DELETE', `${deleted}/${id}`)).status).toBe(204)
    expect((await client('GET', `${deleted}/${id}`)).status).toBe(404)
  })

  // https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
  test('the delegated grants of an application and of a user', async () => {
    const [own] = valuesOf(await client('GET', `${v1}/servicePrincipals?$filter=appId eq '${graphAppId}'`))
    const grant = { clientId: own?.id, resourceId: own?.id, consentType: 'AllPrincipals', scope: 'User.Read' }
    const { id } = (await client('POST', `${v1}/oauth2PermissionGrants`, grant)).json
    expect(
      valuesOf(await client('GET', `${v1}/servicePrincipals/${own?.id}/oauth2PermissionGrants`)).map((one) => one.id),
    ).toEqual([id])
    await client('DELETE', `${v1}/oauth2PermissionGrants/${id}`)
    expect(valuesOf(await client('GET', `${v1}/servicePrincipals/${own?.id}/oauth2PermissionGrants`))).toEqual([])
  })

  // azuread_claims_mapping_policy, azuread_service_principal_delegated_permission_grant
  test('claims mapping policies and delegated permission grants', async () => {
    const policy = { displayName: 'P', definition: ['{"ClaimsMappingPolicy":{"Version":1}}'] }
    expect((await client('POST', `${v1}/policies/claimsMappingPolicies`, policy)).json).toMatchObject(policy)
    const grant = { clientId: randomUUID(), resourceId: randomUUID(), consentType: 'AllPrincipals', scope: 'User.Read' }
    const { json } = await client('POST', `${v1}/oauth2PermissionGrants`, grant)
    expect((await client('PATCH', `${v1}/oauth2PermissionGrants/${json.id}`, { scope: 'openid' })).status).toBe(204)
    const [found] = valuesOf(await client('GET', `${v1}/oauth2PermissionGrants?$filter=clientId eq '${grant.clientId}'`))
    expect(found).toMatchObject({ ...grant, scope: 'openid' })
  })
})

// https://learn.microsoft.com/graph/traverse-the-graph
describe('the model', () => {
  test.each([v1, beta])('%s/$metadata describes it completely, without a token', async (root) => {
    const { status, headers, text } = await ask(sandbox(), `${root}/$metadata`)
    expect([status, headers['content-type']]).toEqual([200, 'application/xml'])
    const names = new Set([...text.matchAll(/<(?:Entity|Complex)Type Name="(\w+)"/g)].map(([, name]) => name))
    const used = [...text.matchAll(/(?:Type|BaseType|EntityType)="(?:Collection\()?graph\.(\w+)/g)].map(([, name]) => name)
    expect(used.filter((name) => !names.has(name))).toEqual([])
    expect(text.includes('oauth2RequirePostResponse')).toBe(root === beta)
    const shown = Object.keys(valuesOf(await client('GET', `${root}/servicePrincipals?$top=1`))[0] ?? {})
    expect(shown.filter((name) => !name.startsWith('@') && !text.includes(`<Property Name="${name}"`))).toEqual([])
  })
})

// https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
describe('app management policies of single applications', () => {
  const policies = `${v1}/policies/appManagementPolicies`
  const named = { displayName: 'P', description: 'for a test', isEnabled: true }
  const restrict = (...entries: object[]) => ({ ...named, restrictions: { passwordCredentials: entries, keyCredentials: [] } })
  const after = { restrictForAppsCreatedAfterDateTime: '2019-10-19T10:37:00Z' }
  const noSecrets = { restrictionType: 'passwordAddition', maxLifetime: null, ...after }

  test('created, assigned, effective, unassigned and deleted', async () => {
    const { id } = await made()
    const { status, json: policy } = await client('POST', policies, restrict(noSecrets))
    expect([status, policy]).toMatchObject([201, restrict(noSecrets)])
    const path = `${v1}/applications/${id}/appManagementPolicies`
    const link = { '@odata.id': `${policies}/${policy.id}` }
    expect((await client('POST', `${path}/$ref`, link)).status).toBe(204)
    expect((await client('POST', `${path}/$ref`, link)).status).toBe(400)
    expect(valuesOf(await client('GET', path)).map((one) => one.id)).toEqual([policy.id])
    expect(valuesOf(await client('GET', `${policies}/${policy.id}/appliesTo`)).map((one) => one.id)).toEqual([id])
    const add = () => client('POST', `${v1}/applications/${id}/addPassword`)
    expect(errorOf(await add()).message).toBe(`Credential type not allowed as per assigned policy '${policy.id}'.`)
    const short = { restrictionType: 'passwordLifetime', maxLifetime: 'P4DT12H30M5S', ...after }
    await client('PATCH', `${policies}/${policy.id}`, restrict(short))
    expect(errorOf(await add()).code).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
    expect((await client('DELETE', `${path}/${policy.id}/$ref`)).status).toBe(204)
    expect((await add()).status).toBe(200)
    expect((await client('DELETE', `${policies}/${policy.id}`)).status).toBe(204)
    expect(valuesOf(await client('GET', policies))).toEqual([])
  })

  test('an application that is older than a restriction is not restricted', async () => {
    const { id } = await made()
    const later = { ...noSecrets, restrictForAppsCreatedAfterDateTime: '2999-01-01T00:00:00Z' }
    const policy = (await client('POST', policies, restrict(later))).json
    await client('POST', `${v1}/applications/${id}/appManagementPolicies/$ref`, { '@odata.id': `${policies}/${policy.id}` })
    expect((await client('POST', `${v1}/applications/${id}/addPassword`)).status).toBe(200)
  })

  // https://learn.microsoft.com/graph/api/tenantappmanagementpolicy-update
  test('the tenant’s own is changed, for applications and for service principals', async () => {
    const other = await startSandbox()
    const there = asClient(other)
    const path = `${v1}/policies/defaultAppManagementPolicy`
    const restrictions = { passwordCredentials: [noSecrets], keyCredentials: [] }
    expect((await there('PATCH', path, { isEnabled: true, servicePrincipalRestrictions: restrictions })).status).toBe(204)
    expect((await there('GET', path)).json).toMatchObject({
      isEnabled: true,
      servicePrincipalRestrictions: restrictions,
      applicationRestrictions: { passwordCredentials: [] },
    })
    const { id, appId } = (await there('POST', `${v1}/applications`, { displayName: 'x' })).json
    const principal = (await there('POST', `${v1}/servicePrincipals`, { appId })).json
    const add = async (path: string) => (await there('POST', `${v1}/${path}/addPassword`)).status
    expect([await add(`applications/${id}`), await add(`servicePrincipals/${principal.id}`)]).toEqual([200, 400])
    await there('PATCH', path, { applicationRestrictions: restrictions })
    expect(await add(`applications/${id}`)).toBe(400)
    expect((await there('PATCH', path, { isEnabled: 'yes' })).status).toBe(400)
    expect((await there('PATCH', path, { color: 'red' })).status).toBe(400)
    await other.close()
  })

  test('an invalid one is refused', async () => {
    for (const wrong of [
      { restrictionType: 'colour' },
      { ...noSecrets, maxLifetime: 'P1D' },
      { restrictionType: 'passwordLifetime', maxLifetime: 'soon' },
    ])
      expect((await client('POST', policies, restrict(wrong))).status).toBe(400)
    expect((await reader('POST', policies, named)).status).toBe(403)
  })
})

describe('single sign-on', () => {
  // azuread_application with template_id, data azuread_application_template
  test('an application of a template', async () => {
    const [template] = valuesOf(await client('GET', `${v1}/applicationTemplates?$filter=displayName eq 'Marketo'`))
    const { status, json } = await client('POST', `${v1}/applicationTemplates/${template?.id}/instantiate`, { displayName: 'M' })
    expect([status, at(json, 'application', 'applicationTemplateId')]).toEqual([201, template?.id])
    expect(at(json, 'servicePrincipal', 'appId')).toBe(at(json, 'application', 'appId'))
    expect(at(json, 'servicePrincipal', 'appRoles', '0', 'id')).toBe('dfd0e7dd-26fb-4b2c-98d2-e444486c1e37')
    expect((await client('POST', `${v1}/applicationTemplates/${randomUUID()}/instantiate`, { displayName: 'M' })).status).toBe(
      404,
    )
  })

  // azuread_service_principal_token_signing_certificate
  test('a certificate by which tokens are signed', async () => {
    const { appId } = await made()
    const { id } = (await client('POST', `${v1}/servicePrincipals`, { appId })).json
    const path = `${v1}/servicePrincipals/${id}`
    const { status, json } = await client('POST', `${path}/addTokenSigningCertificate`, { displayName: 'CN=signing.example' })
    const x509 = new X509Certificate(Buffer.from(String(json.key), 'base64'))
    expect([status, json.usage, json.thumbprint]).toEqual([200, 'Verify', x509.fingerprint.replaceAll(':', '')])
    expect(x509.subject).toBe('CN=signing.example')
    const principal = (await client('GET', path)).json
    const uses = [0, 1].map((index) => at(principal, 'keyCredentials', String(index), 'usage'))
    expect(uses).toEqual(['Sign', 'Verify'])
    expect(at(principal, 'passwordCredentials', '0', 'keyId')).toBe(at(principal, 'keyCredentials', '0', 'keyId'))
    expect((await client('POST', `${path}/addTokenSigningCertificate`, { displayName: 'signing' })).status).toBe(400)
  })

  // azuread_service_principal_claims_mapping_policy_assignment
  test('a claims mapping policy for a service principal', async () => {
    const { appId } = await made()
    const { id } = (await client('POST', `${v1}/servicePrincipals`, { appId })).json
    const policy = { displayName: 'P', definition: ['{"ClaimsMappingPolicy":{"Version":1}}'] }
    const policyId = (await client('POST', `${v1}/policies/claimsMappingPolicies`, policy)).json.id
    const path = `${v1}/servicePrincipals/${id}/claimsMappingPolicies`
    const link = { '@odata.id': `${v1}/policies/claimsMappingPolicies/${policyId}` }
    expect([(await client('POST', `${path}/$ref`, link)).status, (await client('POST', `${path}/$ref`, link)).status]).toEqual([
      204, 400,
    ])
    expect(valuesOf(await client('GET', path)).map((one) => one.id)).toEqual([policyId])
    expect((await client('DELETE', `${path}/${policyId}/$ref`)).status).toBe(204)
    expect(valuesOf(await client('GET', path))).toEqual([])
  })

  // azuread_app_role_assignment for a group; without a role of its own, for a user
  test('roles of people and groups', async () => {
    const role = { id: randomUUID(), value: 'read', displayName: 'Reader', description: 'Reads', allowedMemberTypes: ['User'] }
    const { appId } = await made({ appRoles: [{ ...role, isEnabled: true }] })
    const resource = (await client('POST', `${v1}/servicePrincipals`, { appId })).json
    const named = { displayName: 'Readers', mailEnabled: false, mailNickname: 'readers', securityEnabled: true }
    const group = (await client('POST', `${v1}/groups`, named)).json
    const path = `${v1}/groups/${group.id}/appRoleAssignments`
    const grant = { principalId: group.id, resourceId: resource.id, appRoleId: role.id }
    const { status, json } = await client('POST', path, grant)
    expect([status, json.principalType, json.principalDisplayName]).toEqual([201, 'Group', 'Readers'])
    expect(valuesOf(await client('GET', `${v1}/servicePrincipals/${resource.id}/appRoleAssignedTo`))).toMatchObject([grant])
    expect((await client('DELETE', `${path}/${json.id}`)).status).toBe(204)
    expect((await client('POST', path, { ...grant, appRoleId: '00000000-0000-0000-0000-000000000000' })).status).toBe(201)
    expect((await client('POST', path, { ...grant, appRoleId: randomUUID() })).status).toBe(400)
  })

  // azuread_application, logo_image
  test('a logo', async () => {
    const { id } = await made()
    const path = `${beta}/applications/${id}/logo`
    const authorization = await bearer(sandbox(), principal(sandbox(), vaultTenant), graph)
    const headers = { authorization, 'content-type': 'image/png' }
    expect((await ask(sandbox(), path, { headers })).status).toBe(404)
    expect((await ask(sandbox(), path, { method: 'PUT', headers, body: 'an image' })).status).toBe(204)
    expect((await ask(sandbox(), path, { headers })).text).toBe('an image')
    const other = { ...headers, 'content-type': 'text/plain' }
    expect((await ask(sandbox(), path, { method: 'PUT', headers: other, body: 'no image' })).status).toBe(400)
  })
})

// https://learn.microsoft.com/graph/query-parameters, https://learn.microsoft.com/graph/search-query-parameter
describe('queries', () => {
  test('a value among several', async () => {
    await made({ displayName: 'among-1' })
    await made({ displayName: 'among-2' })
    const found = await client('GET', `${v1}/applications?$filter=displayName in ('among-1','among-2')&$select=displayName`)
    expect(
      valuesOf(found)
        .map(({ displayName }) => displayName)
        .sort(),
    ).toEqual(['among-1', 'among-2'])
  })

  test('a search by the words of a property', async () => {
    await made({ displayName: 'Contoso Mail Bridge' })
    const search = (text: string) => client('GET', `${v1}/applications?$search=${encodeURIComponent(text)}`, undefined, advanced)
    expect(valuesOf(await search('"displayName:mail bri"'))).toMatchObject([{ displayName: 'Contoso Mail Bridge' }])
    expect(valuesOf(await search('"displayName:ail"'))).toEqual([])
    expect((await search('displayName:mail')).status).toBe(400)
    expect((await client('GET', `${v1}/applications?$search="displayName:mail"`)).status).toBe(400)
  })

  test('owners of one type', async () => {
    const { id } = await made()
    expect(valuesOf(await client('GET', `${v1}/applications/${id}/owners/microsoft.graph.servicePrincipal`))).toHaveLength(1)
    expect(valuesOf(await client('GET', `${v1}/applications/${id}/owners/graph.user`))).toEqual([])
  })

  // https://learn.microsoft.com/graph/api/directoryobject-getbyids
  test('objects by their ids', async () => {
    const { id } = await made()
    const { json } = await client('POST', `${v1}/directoryObjects/getByIds`, { ids: [id, randomUUID()], types: ['application'] })
    expect(json.value).toMatchObject([{ '@odata.type': '#microsoft.graph.application', id }])
    expect((await client('GET', `${v1}/directoryObjects/${id}`)).json.id).toBe(id)
  })

  // https://learn.microsoft.com/graph/api/user-get: "/me request is only valid with delegated authentication flow."
  test('an application is not a user', async () => {
    const refused = await client('GET', `${v1}/me`)
    expect([refused.status, errorOf(refused).code]).toEqual([400, 'BadRequest'])
  })

  // https://learn.microsoft.com/graph/api/directory-deleteditems-list: graph is an alias of microsoft.graph
  test('deleted applications, by either name of the type', async () => {
    const { id } = await made()
    await client('DELETE', `${v1}/applications/${id}`)
    for (const type of ['graph.application', 'microsoft.graph.application'])
      expect(valuesOf(await client('GET', `${v1}/directory/deletedItems/${type}`)).map((one) => one.id)).toContain(id)
  })
})
