import { Hono } from 'hono'
import type { RequestEnv } from '../../src/directory/gate.ts'
import { register } from '../../src/directory/routes.ts'
import { type AsClient, valuesOf } from '../clients/asClient.ts'
import type { Family } from './family.ts'

const graph = 'https://graph.microsoft.com'
const app = new Hono<RequestEnv>()
register(app)

const link = (id: unknown) => ({ '@odata.id': `${graph}/v1.0/directoryObjects/${id}` })
const credential = (name: string) => ({
  ...{ name, issuer: 'https://token.actions.githubusercontent.com', subject: `repo:a/b:environment:${name}` },
  audiences: ['api://AzureADTokenExchange'],
})
const role = '8a3c9b50-44d6-4d20-9d5c-7b6a1f6a7c11'

async function prepare(client: AsClient): Promise<Record<string, string>> {
  const made = async (path: string, body: object): Promise<string> => {
    const { json, status, text } = await client('POST', `${graph}/v1.0/${path}`, body)
    if (status >= 300) throw new Error(`${path}: ${text}`)
    return String(json.id ?? json.appId)
  }
  const roles = [
    {
      id: role,
      value: 'Read',
      displayName: 'Read',
      description: 'Reads',
      isEnabled: true,
      allowedMemberTypes: ['User', 'Application'],
    },
  ]
  const appOf = async (displayName: string) => made('applications', { displayName, appRoles: roles })
  const application = await appOf('every route')
  const { json } = await client('GET', `${graph}/v1.0/applications/${application}`)
  const principal = await made('servicePrincipals', { appId: json.appId })
  const domain = String(valuesOf(await client('GET', `${graph}/v1.0/domains`))[0]?.id)
  const user = (name: string) => ({
    ...{ accountEnabled: true, displayName: name, mailNickname: name, userPrincipalName: `${name}@${domain}` },
    passwordProfile: { password: 'Not-Used-1234', forceChangePasswordNextSignIn: false },
  })
  const group = (name: string) => ({ displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true })
  const ids = {
    application,
    principal,
    appId: String(json.appId),
    user: await made('users', user('member')),
    other: await made('users', user('other')),
    group: await made('groups', group('holders')),
    domain,
    policy: await made('policies/claimsMappingPolicies', {
      displayName: 'claims',
      definition: ['{"ClaimsMappingPolicy":{"Version":1}}'],
    }),
    management: await made('policies/appManagementPolicies', { displayName: 'management', description: 'text', isEnabled: true }),
    credential: await made(`applications/${application}/federatedIdentityCredentials`, credential('first')),
    deleted: await appOf('deleted'),
    template: String(valuesOf(await client('GET', `${graph}/v1.0/applicationTemplates`))[0]?.id),
    tenant: String(valuesOf(await client('GET', `${graph}/v1.0/organization`))[0]?.id),
    free: String((await client('GET', `${graph}/v1.0/applications/${await appOf('free')}`)).json.appId),
  }
  const freeApplication = await appOf('unassigned')
  const freePrincipal = await made('servicePrincipals', {
    appId: (await client('GET', `${graph}/v1.0/applications/${freeApplication}`)).json.appId,
  })
  for (const holder of [`applications/${application}`, `servicePrincipals/${principal}`]) {
    await client('POST', `${graph}/v1.0/${holder}/owners/$ref`, link(freePrincipal))
    await client('POST', `${graph}/v1.0/${holder}/appManagementPolicies/$ref`, link(ids.management))
  }
  const resource = valuesOf(
    await client('GET', `${graph}/v1.0/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'`),
  )[0]?.id
  const grant = { clientId: principal, consentType: 'AllPrincipals', resourceId: resource, scope: 'User.Read' }
  const assign = (path: string, principalId: string) => made(path, { principalId, resourceId: principal, appRoleId: role })
  await client('POST', `${graph}/v1.0/groups/${ids.group}/owners/$ref`, link(ids.user))
  await client('POST', `${graph}/v1.0/groups/${ids.group}/members/$ref`, link(ids.user))
  await client('POST', `${graph}/v1.0/servicePrincipals/${principal}/claimsMappingPolicies/$ref`, link(ids.policy))
  await client('DELETE', `${graph}/v1.0/applications/${ids.deleted}`)
  const more = {
    freeApplication,
    freePrincipal,
    grant: await made('oauth2PermissionGrants', grant),
    resource: String(resource),
    ofPrincipal: await assign(`servicePrincipals/${principal}/appRoleAssignments`, principal),
    ofUser: await assign(`users/${ids.user}/appRoleAssignments`, ids.user),
    ofGroup: await assign(`groups/${ids.group}/appRoleAssignments`, ids.group),
  }
  const readers = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b'
  const ofRoles = {
    roleTemplate: readers,
    role: await made('directoryRoles', { roleTemplateId: readers }),
    roleAssignment: await made('roleManagement/directory/roleAssignments', {
      principalId: ids.user,
      roleDefinitionId: readers,
      directoryScopeId: '/',
    }),
    definition: await made('roleManagement/directory/roleDefinitions', {
      displayName: 'custom',
      isEnabled: true,
      rolePermissions: [],
    }),
  }
  const password = await client('POST', `${graph}/v1.0/applications/${application}/addPassword`, { passwordCredential: {} })
  const second = await client('POST', `${graph}/v1.0/servicePrincipals/${principal}/addPassword`, { passwordCredential: {} })
  return { ...ids, ...more, ...ofRoles, password: String(password.json.keyId), second: String(second.json.keyId) }
}

/** An object has at most one policy of each kind, so a second one goes to another object. */
const unassigned = /^POST .*\/(claims|app)\w+Policies\/\$ref$/

/** The values of a path's parameters, by the segment before them. */
const parameters: readonly (readonly [part: RegExp, name: string])[] = [
  [/(?<=\/roleDefinitions\/):\w+/, 'definition'],
  [/(?<=\/roleAssignments\/):\w+/, 'roleAssignment'],
  [/(?<=\/directoryRoleTemplates\/):\w+/, 'roleTemplate'],
  [/(?<=\/directoryRoles\/):\w+/, 'role'],
  [/(?<=\/groups\/.*\/owners\/):\w+/, 'user'],
  [/(?<=\/owners\/):\w+/, 'freePrincipal'],
  [/(?<=\/members\/):\w+/, 'user'],
  [/(?<=\/claimsMappingPolicies\/):\w+/, 'policy'],
  [/(?<=\/appManagementPolicies\/):\w+/, 'management'],
  [/(?<=\/users\/.*\/appRoleAssignments\/):\w+/, 'ofUser'],
  [/(?<=\/groups\/.*\/appRoleAssignments\/):\w+/, 'ofGroup'],
  [/(?<=\/servicePrincipals\/.*\/appRole\w+\/):\w+/, 'ofPrincipal'],
  [/(?<=\/federatedIdentityCredentials\/):\w+/, 'credential'],
  [/(?<=\/applications\/):\w+/, 'application'],
  [/(?<=\/servicePrincipals\/):\w+/, 'principal'],
  [/(?<=\/users\/):\w+/, 'user'],
  [/(?<=\/groups\/):\w+/, 'group'],
  [/(?<=\/oauth2PermissionGrants\/):\w+/, 'grant'],
  [/(?<=\/directoryObjects\/):\w+/, 'principal'],
  [/(?<=\/domains\/):\w+/, 'domain'],
  [/(?<=\/organization\/):\w+/, 'tenant'],
  [/(?<=\/applicationTemplates\/):\w+/, 'template'],
  [/(?<=\/deletedItems\/):\w+/, 'deleted'],
]

function fill(path: string, ids: Readonly<Record<string, string>>): string {
  const functions = path
    .replace(/:function\{[^/]*\}/, 'delta')
    .replace(/:cast\{[^/]*$/, 'microsoft.graph.user')
    .replace(/:item\{\(microsoft\\\.\)\?graph\\\.\(application[^/]*$/, 'microsoft.graph.application')
    .replace(/:item\{\(microsoft\\\.\)\?graph\\\.user[^/]*$/, 'microsoft.graph.user')
  // The types must be named.
  const filtered = functions.replace(/directoryObjects\/delta$/, "directoryObjects/delta?$filter=isof('microsoft.graph.user')")
  return parameters.reduce((filled, [part, name]) => filled.replace(part, ids[name] ?? name), filtered)
}

const grantOf = (ids: Readonly<Record<string, string>>) => ({
  clientId: ids.principal,
  consentType: 'Principal',
  principalId: ids.user,
  resourceId: ids.resource,
  scope: 'User.Read',
})

/** A body for each route that takes one. */
const bodies: Family['bodies'] = {
  'POST /v1.0/applications': () => ({
    displayName: 'new',
    notes: 'a note',
    signInAudience: 'AzureADMyOrg',
    tags: ['one'],
    isFallbackPublicClient: false,
    identifierUris: [],
    web: { homePageUrl: 'https://a.example', redirectUris: ['https://a.example/back'] },
    api: { requestedAccessTokenVersion: 2 },
    requiredResourceAccess: [],
  }),
  'PATCH /v1.0/applications/:key': () => ({
    displayName: 'changed',
    notes: 'a note',
    description: 'text',
    isFallbackPublicClient: true,
    web: { homePageUrl: 'https://a.example', implicitGrantSettings: { enableIdTokenIssuance: true } },
    spa: { redirectUris: [] },
    info: { marketingUrl: 'https://a.example' },
  }),
  'POST /v1.0/servicePrincipals': ({ free }) => ({
    appId: free,
    accountEnabled: true,
    notes: 'a note',
    appRoleAssignmentRequired: false,
    tags: [],
  }),
  'PATCH /v1.0/servicePrincipals/:key': () => ({
    accountEnabled: false,
    notes: 'a note',
    appRoleAssignmentRequired: true,
    homepage: 'https://a.example',
    loginUrl: 'https://a.example',
  }),
  'POST /v1.0/applications/:key/addPassword': () => ({
    passwordCredential: { displayName: 'one', endDateTime: '2027-01-01T00:00:00Z' },
  }),
  'POST /v1.0/servicePrincipals/:key/addPassword': () => ({
    passwordCredential: { displayName: 'one', endDateTime: '2027-01-01T00:00:00Z' },
  }),
  'POST /v1.0/applications/:key/removePassword': ({ password }) => ({ keyId: password }),
  'POST /v1.0/servicePrincipals/:key/removePassword': ({ second }) => ({ keyId: second }),
  'POST /v1.0/applications/:key/owners/$ref': ({ other }) => link(other),
  'POST /v1.0/servicePrincipals/:key/owners/$ref': ({ other }) => link(other),
  'POST /v1.0/groups/:key/owners/$ref': ({ other }) => link(other),
  'POST /v1.0/groups/:key/members/$ref': ({ other }) => link(other),
  'POST /v1.0/servicePrincipals/:key/appRoleAssignments': ({ principal, resource }) => ({
    principalId: principal,
    resourceId: resource,
    appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
  }),
  'POST /v1.0/servicePrincipals/:key/appRoleAssignedTo': ({ principal, other }) => ({
    principalId: other,
    resourceId: principal,
    appRoleId: role,
  }),
  'POST /v1.0/users/:key/appRoleAssignments': ({ user, principal }) => ({
    principalId: user,
    resourceId: principal,
    appRoleId: '00000000-0000-0000-0000-000000000000',
  }),
  'POST /v1.0/groups/:key/appRoleAssignments': ({ group, principal }) => ({
    principalId: group,
    resourceId: principal,
    appRoleId: '00000000-0000-0000-0000-000000000000',
  }),
  'POST /v1.0/users': ({ domain }) => ({
    accountEnabled: true,
    displayName: 'new',
    mailNickname: 'new',
    userPrincipalName: `new@${domain}`,
    givenName: 'N',
    passwordProfile: { password: 'Not-Used-1234' },
  }),
  'PATCH /v1.0/users/:key': () => ({ displayName: 'changed', accountEnabled: false, givenName: 'N' }),
  'POST /v1.0/groups': () => ({
    displayName: 'new',
    mailNickname: 'new',
    mailEnabled: false,
    securityEnabled: true,
    description: 'text',
  }),
  'PATCH /v1.0/groups/:key': () => ({ displayName: 'changed', description: 'text' }),
  'POST /v1.0/oauth2PermissionGrants': grantOf,
  'PATCH /v1.0/oauth2PermissionGrants/:key': () => ({ scope: 'User.Read openid' }),
  'POST /v1.0/policies/claimsMappingPolicies': () => ({
    displayName: 'new',
    definition: ['{"ClaimsMappingPolicy":{"Version":1}}'],
    isOrganizationDefault: false,
  }),
  'PATCH /v1.0/policies/claimsMappingPolicies/:key': () => ({ displayName: 'changed' }),
  'POST /v1.0/policies/appManagementPolicies': () => ({
    displayName: 'new',
    description: 'text',
    isEnabled: false,
    restrictions: {
      passwordCredentials: [
        {
          restrictionType: 'passwordLifetime',
          maxLifetime: 'P4DT12H30M5S',
          restrictForAppsCreatedAfterDateTime: '2019-10-19T10:37:00Z',
        },
      ],
    },
  }),
  'PATCH /v1.0/policies/appManagementPolicies/:key': () => ({ displayName: 'changed', isEnabled: false }),
  'PATCH /v1.0/policies/defaultAppManagementPolicy': () => ({ isEnabled: false }),
  'POST /v1.0/servicePrincipals/:key/claimsMappingPolicies/$ref': ({ policy }) => link(policy),
  'POST /v1.0/servicePrincipals/:key/appManagementPolicies/$ref': ({ management }) => link(management),
  'POST /v1.0/applications/:key/appManagementPolicies/$ref': ({ management }) => link(management),
  'POST /v1.0/applications/:key/federatedIdentityCredentials': () => ({ ...credential('second'), description: 'text' }),
  'PATCH /v1.0/applications/:key/federatedIdentityCredentials/:credential': () => ({
    subject: 'repo:a/b:ref:refs/heads/main',
    description: 'text',
  }),
  'POST /v1.0/directoryObjects/getByIds': ({ user }) => ({ ids: [user ?? ''], types: ['user'] }),
  'POST /v1.0/applicationTemplates/:key/instantiate': () => ({ displayName: 'from template' }),
  'POST /v1.0/applicationTemplates/:key/microsoft.graph.instantiate': () => ({ displayName: 'from template' }),
  'POST /v1.0/servicePrincipals/:key/addTokenSigningCertificate': () => ({
    displayName: 'CN=signing',
    endDateTime: '2027-01-01T00:00:00Z',
  }),
  'POST /v1.0/directoryRoles': () => ({ roleTemplateId: 'fe930be7-5e62-47db-91af-98c3a49a38b1' }),
  'POST /v1.0/directoryRoles/:key/members/$ref': ({ other }) => link(other),
  'POST /v1.0/roleManagement/directory/roleDefinitions': () => ({
    displayName: 'new',
    description: 'text',
    isEnabled: true,
    rolePermissions: [{ allowedResourceActions: ['microsoft.directory/applications/standard/read'] }],
  }),
  'PATCH /v1.0/roleManagement/directory/roleDefinitions/:key': () => ({
    displayName: 'changed',
    description: 'text',
    isEnabled: false,
  }),
  'POST /v1.0/roleManagement/directory/roleAssignments': ({ other, definition }) => ({
    principalId: other,
    roleDefinitionId: definition,
    directoryScopeId: '/',
  }),
  'POST /v1.0/$batch': () => ({ requests: [{ id: '1', method: 'GET', url: '/applications' }] }),
}
for (const of of ['users', 'groups', 'servicePrincipals', 'directoryObjects'])
  for (const kind of ['Groups', 'Objects'] as const) {
    bodies[`POST /v1.0/${of}/:key/getMember${kind}`] = () => ({ securityEnabledOnly: false })
    bodies[`POST /v1.0/${of}/:key/checkMember${kind}`] = ({ group }) =>
      kind === 'Groups' ? { groupIds: [group ?? ''] } : { ids: [group ?? ''] }
  }

export const ofGraph: Family = {
  name: 'Graph',
  routes: app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
  prepare,
  url: (path, ids, method) =>
    `${graph}${fill(path, unassigned.test(`${method} ${path}`) ? { ...ids, application: ids.freeApplication ?? '', principal: ids.freePrincipal ?? '' } : ids)}`,
  headers: (path) => (path.endsWith('$count') ? { ConsistencyLevel: 'eventual' } : {}),
  apart: Object.fromEntries([
    ...['applications', 'servicePrincipals'].flatMap((of) =>
      ['addKey', 'removeKey'].map((action) => [`POST /v1.0/${of}/:key/${action}`, 'answers/keyActions.test.ts']),
    ),
    ...['GET', 'PUT'].map((method) => [`${method} /v1.0/applications/:key/logo`, 'answers/graph.test.ts']),
  ]),
  bodies,
}
