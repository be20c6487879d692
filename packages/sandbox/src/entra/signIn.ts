import type { Azure } from '../azure.ts'
import { sha256 } from '../directory/credentials/passwords.ts'
import { type Replica, someReplica } from '../directory/replicas.ts'
import type { Application, ServicePrincipal, Tenant } from '../directory/state.ts'
import { checkAssertion } from './assertion.ts'
import type { Client } from './client.ts'
import { checkFederated, isForeign } from './federated.ts'
import { type Form, required } from './form.ts'
import { SignInRefusal } from './refusal.ts'
import { audienceOf, resourceOf } from './resource.ts'
import type { Grant } from './tokens.ts'
import { unknownClient } from './userFlows.ts'

/** Checks a request for an application's token; throws a `SignInRefusal`. */
export function signIn(azure: Azure, tenant: Tenant, form: Form, endpoints: readonly string[]): Grant {
  const grantType = required(form, 'grant_type')
  const clientId = required(form, 'client_id').toLowerCase()
  if (grantType !== 'client_credentials')
    throw new SignInRefusal(70003, 'unsupported_grant_type', `The app requested an unsupported grant type '${grantType}'.`)
  const audience = audienceOf(required(form, 'scope'))
  const replica = someReplica(azure, tenant)
  const client = clientOf(replica, tenant, clientId)
  const signedInWith = checkCredential(azure, client, form, endpoints)
  const principal = actor(client, tenant)
  const resource = resourceOf(azure, tenant, replica, audience)
  const roles = rolesAt(replica, principal, resource.principal)
  return { tenantId: tenant.id, appId: clientId, objectId: principal.id, audience, roles, signedInWith }
}

function clientOf(replica: Replica, tenant: Tenant, appId: string): Client {
  const lives = (one: Application | ServicePrincipal): boolean => one.appId === appId && one.deletedDateTime === null
  const application = replica.all('applications').find(lives)
  if (application === undefined) throw unknownClient(tenant, appId)
  const principal = replica.all('servicePrincipals').find(lives)
  return {
    appId,
    application,
    principal,
    secrets: [...application.passwordCredentials, ...(principal?.passwordCredentials ?? [])],
    certificates: [...application.keyCredentials, ...(principal?.keyCredentials ?? [])],
  }
}

function checkCredential(azure: Azure, client: Client, form: Form, endpoints: readonly string[]): Grant['signedInWith'] {
  const assertion = form.get('client_assertion')
  if (assertion !== undefined && assertion !== '') {
    if (isForeign(assertion)) {
      checkFederated(azure, client, assertion)
      return 'certificate'
    }
    checkAssertion(azure.now(), client, { assertion, type: form.get('client_assertion_type') ?? '', endpoints })
    return 'certificate'
  }
  const secret = form.get('client_secret')
  if (secret === undefined || secret === '')
    throw new SignInRefusal(
      7000216,
      'invalid_client',
      `'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`,
    )
  checkSecret(azure.now(), client, secret)
  return 'secret'
}

function checkSecret(now: Date, { appId, secrets }: Client, secret: string): void {
  const matching = secrets.filter((one) => one.sha256 === sha256(secret))
  if (matching.some((one) => now >= new Date(one.startDateTime) && now < new Date(one.endDateTime))) return
  if (matching.some((one) => now >= new Date(one.endDateTime)))
    throw new SignInRefusal(
      7000222,
      'invalid_client',
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    )
  throw new SignInRefusal(
    7000215,
    'invalid_client',
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
  )
}

/** The service principal by which the client acts. */
function actor({ appId, application, principal }: Client, tenant: Tenant): ServicePrincipal {
  if (principal === undefined)
    throw new SignInRefusal(
      7000229,
      'unauthorized_client',
      `The client application ${appId} is missing service principal in the tenant ${tenant.id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    )
  if (!principal.accountEnabled)
    throw new SignInRefusal(7000112, 'unauthorized_client', `Application '${appId}'(${application.displayName}) is disabled.`)
  return principal
}

function rolesAt(replica: Replica, principal: ServicePrincipal, resource: ServicePrincipal): readonly string[] {
  const granted = replica
    .all('appRoleAssignments')
    .filter(({ principalId, resourceId }) => principalId === principal.id && resourceId === resource.id)
    .map(({ appRoleId }) => appRoleId)
  return resource.appRoles.filter(({ id, isEnabled }) => isEnabled && granted.includes(id)).flatMap(({ value }) => value ?? [])
}
