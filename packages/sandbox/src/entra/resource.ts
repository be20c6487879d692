import type { Azure } from '../azure.ts'
import { organizationAt } from '../dataverse/organization.ts'
import { appIds } from '../directory/firstParty.ts'
import type { Replica } from '../directory/replicas.ts'
import type { ServicePrincipal, Tenant } from '../directory/state.ts'
import { type Form, required } from './form.ts'
import { SignInRefusal } from './refusal.ts'

/** The API that a token is requested for, and the name that the client used for it. */
export interface Resource {
  readonly principal: ServicePrincipal
  readonly audience: string
}

/** Scopes of OpenID Connect, which MSAL for Go always adds. An application gets no ID token for them, and no refusal. */
const openId: readonly string[] = ['openid', 'profile', 'offline_access', 'email']

/** The scope that a request of the first version means, which names a resource. */
export const resourceScope = (form: Form): string => `${required(form, 'resource')}/.default`

/** Reads the scope of a request for an application's token: one resource, with `/.default`. */
export function audienceOf(scope: string): string {
  const [first = '', ...more] = scope.split(' ').filter((part) => part !== '' && !openId.includes(part))
  const shown = `The provided value for the input parameter 'scope' is not valid`
  if (first === '') throw new SignInRefusal(70011, 'invalid_scope', `${shown}. The scope '${scope}' is empty.`)
  if (more.length > 0)
    throw new SignInRefusal(
      28000,
      'invalid_scope',
      `${shown} because it contains more than one resource. Scope ${scope} is not valid.`,
    )
  if (!first.endsWith('/.default')) {
    const rule =
      'Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).'
    throw new SignInRefusal(1002012, 'invalid_scope', `The provided value for scope ${scope} is not valid. ${rule}`)
  }
  const audience = first.slice(0, -'/.default'.length)
  if (audience === '' || (audience.includes(':') && !URL.canParse(audience)))
    throw new SignInRefusal(
      70011,
      'invalid_scope',
      `The provided request must include a 'scope' input parameter. ${shown}. The scope ${scope} is not valid.`,
    )
  return audience
}

/** The resource of this name in a tenant. A trailing slash is ignored, and so is the port of the sandbox's own names. */
export function resourceOf(azure: Azure, tenant: Tenant, replica: Replica, audience: string): Resource {
  const principals = replica.all('servicePrincipals').filter(({ deletedDateTime }) => deletedDateTime === null)
  const wanted = comparable(audience)
  const named = principals.find((one) => one.servicePrincipalNames.some((name) => comparable(name) === wanted))
  const principal = named ?? environment(azure, tenant, principals, audience)
  if (principal !== undefined) return { principal, audience }
  const why =
    'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.'
  throw new SignInRefusal(
    500011,
    'invalid_resource',
    `The resource principal named ${audience} was not found in the tenant named ${tenant.displayName}. ${why}`,
  )
}

/** Every Dataverse environment of the tenant is a resource, though the service principal's names list none. */
function environment(
  azure: Azure,
  tenant: Tenant,
  principals: readonly ServicePrincipal[],
  audience: string,
): ServicePrincipal | undefined {
  const found = audience.startsWith('https://') ? organizationAt(azure.world.dataverse, audience) : undefined
  return found?.tenantId === tenant.id ? principals.find(({ appId }) => appId === appIds.dataverse) : undefined
}

const comparable = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/(\.sandbox\.localhost):\d+$/, '$1')
