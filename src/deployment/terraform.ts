import { exchangeOnline } from '../azure/wellKnown.ts'
import type { Configuration } from '../config/schema.ts'
import type { ActualState } from '../core/survey.ts'
import type { Places } from './node.ts'
import { blocksAt, textAt } from './seen.ts'

/** One object under the id by which Terraform's providers import it. */
export interface ImportBlock {
  /** `azuread_application.contoso_hma_app` */
  readonly to: string
  readonly id: string
  /** The directory that the provider has to be signed in to. */
  readonly tenantId: string
  /** The import id begins with the environment's Power Platform id, which hma does not know. */
  readonly inEnvironment?: true
}

/**
 * Existing objects of a deployment, for `import` blocks. The ids are those of azuread 3, azurerm 4 and power-platform 4:
 * https://registry.terraform.io/providers/hashicorp/azuread/latest/docs, .../hashicorp/azurerm/..., .../microsoft/power-platform/....
 * A client secret cannot be imported: Terraform would need its value.
 */
export function importBlocks(configuration: Configuration, places: Places, actual: ActualState): readonly ImportBlock[] {
  const seen = (resource: string) => actual.get(`${configuration.name}/${resource}`)
  const { tenantId } = configuration.keyVault
  const block = blockOf(configuration.name)
  const inVault = [
    ...registration(seen('keyVaultApp'), 'kv_app'),
    ...vault(configuration, seen('vault')),
    ...access(configuration, seen('vaultAccess')),
    ...certificate(places, seen('certificate')),
    ...secret(places, seen('clientSecret')),
  ]
  const inMail = [
    ...registration(seen('hmaApp'), 'hma_app'),
    ...trust(seen('hmaApp'), seen('certificateCredential'), seen('certificate')),
    ...permission(seen('hmaApp'), seen('apiPermission'), seen('adminConsent')),
  ]
  return [
    ...inVault.map((one) => block(one, tenantId)),
    ...inMail.map((one) => block(one, configuration.hmaApp.tenantId)),
    ...rows(seen('emailServerProfile'), seen('clientSecret')).map((one) => ({
      ...block(one, configuration.dynamics?.tenantId ?? tenantId),
      inEnvironment: true as const,
    })),
  ]
}

type Live = ReturnType<ActualState['get']>
type Found = readonly [type: string, name: string, id: string]

const blockOf =
  (deployment: string) =>
  ([type, name, id]: Found, tenantId: string): ImportBlock => ({
    to: `${type}.${terraformName(deployment)}_${name}`,
    id,
    tenantId,
  })

/** A name in Terraform begins with a letter (https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers). */
const terraformName = (deployment: string): string => deployment.replaceAll('-', '_').replace(/^(?=[^a-z])/, 'hma_')

/** Undefined if part of the id is unknown. */
const found = (type: string, name: string, parts: readonly (string | undefined)[]): readonly Found[] =>
  parts.includes(undefined) ? [] : [[type, name, parts.join('')]]

function registration(live: Live, name: string): readonly Found[] {
  if (live?.deleted === true) return []
  return [
    ...found('azuread_application', name, ['/applications/', textAt(live, 'objectId')]),
    ...found('azuread_service_principal', name, ['/servicePrincipals/', textAt(live, 'principalId')]),
  ]
}

const vaultId = ({ keyVault: { subscriptionId, resourceGroup, name } }: Configuration): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`

/** A vault that hma did not create is left to its owner. */
const vault = (configuration: Configuration, live: Live): readonly Found[] =>
  live === undefined || live.deleted === true ? [] : found('azurerm_key_vault', 'vault', [vaultId(configuration)])

function access(configuration: Configuration, live: Live): readonly Found[] {
  if (textAt(live, 'mode') === 'accessPolicy')
    return found('azurerm_key_vault_access_policy', 'kv_app', [
      `${vaultId(configuration)}/objectId/`,
      textAt(live, 'principalId'),
    ])
  return blocksAt(live, 'held').flatMap((one) =>
    found('azurerm_role_assignment', `kv_app_${(textAt(one, 'role') ?? '').toLowerCase().replaceAll(' ', '_')}`, [
      textAt(one, 'scope'),
      '/providers/Microsoft.Authorization/roleAssignments/',
      textAt(one, 'name'),
    ]),
  )
}

const certificate = ({ keyVaultUri }: Places, live: Live): readonly Found[] =>
  found('azurerm_key_vault_certificate', 'certificate', [
    `${keyVaultUri}/certificates/`,
    textAt(live, 'name'),
    '/',
    textAt(live, 'current', 'version'),
  ])

const secret = ({ keyVaultUri }: Places, live: Live): readonly Found[] =>
  found('azurerm_key_vault_secret', 'client_secret', [
    `${keyVaultUri}/secrets/`,
    textAt(live, 'copy', 'name'),
    '/',
    textAt(live, 'copy', 'version'),
  ])

/** HMA-App's credential for the certificate that the vault serves. */
function trust(app: Live, live: Live, served: Live): readonly Found[] {
  const current = blocksAt(live, 'trusted').find((one) => one.thumbprint === textAt(served, 'thumbprint'))
  return found('azuread_application_certificate', 'hma_app', [
    textAt(app, 'objectId'),
    '/certificate/',
    current && textAt(current, 'keyId'),
  ])
}

const permission = (app: Live, requested: Live, consent: Live): readonly Found[] => [
  ...(requested
    ? found('azuread_application_api_access', 'exchange_online', [
        '/applications/',
        textAt(app, 'objectId'),
        `/apiAccess/${exchangeOnline}`,
      ])
    : []),
  ...found('azuread_app_role_assignment', 'full_access_as_app', [
    '/servicePrincipals/',
    textAt(consent, 'resourceId'),
    '/appRoleAssignedTo/',
    textAt(consent, 'id'),
  ]),
]

const rows = (profile: Live, secretOf: Live): readonly Found[] => {
  const row = (table: string, id: string | undefined) => found('powerplatform_data_record', table, [`${table}(`, id, ')'])
  return [
    ...row('emailserverprofile', textAt(profile, 'profile', 'id')),
    ...row('keyvaultreference', textAt(profile, 'reference', 'id')),
    ...row('managedidentity', secretOf && profile ? textAt(secretOf, 'identityId') : undefined),
  ]
}
