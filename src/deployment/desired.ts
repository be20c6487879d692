import { exchangeOnline, fullAccessAsApp } from '../azure/wellKnown.ts'
import type { Configuration } from '../config/schema.ts'
import { ref } from '../core/graph.ts'
import type { Address, Desired, Node } from '../core/kind.ts'
import type { Spec as AdminConsent } from '../resources/adminConsent.ts'
import type { Spec as ApiPermission } from '../resources/apiPermission.ts'
import type { Spec as Application } from '../resources/application.ts'
import type { Spec as ClientSecret } from '../resources/clientSecret/clientSecret.ts'
import type { Spec as EmailServerProfile } from '../resources/emailServerProfile.ts'
import type { Spec as Mailboxes } from '../resources/mailboxes/mailboxes.ts'
import { guid, uniqueName } from '../resources/mark.ts'
import type { Registration } from '../resources/registered.ts'
import type { Spec as ServicePrincipalName } from '../resources/servicePrincipalName.ts'
import type { Spec as Vault } from '../resources/vault.ts'
import type { Spec as VaultAccess } from '../resources/vaultAccess.ts'
import type { CertificateFile } from './certificateFile.ts'
import { certificate } from './desiredCertificate.ts'
import { exchangeScripts } from './exchangeScripts.ts'
import { type Material, node, type Places } from './node.ts'
import { secretEarlier } from './renewal/spread.ts'

/**
 * The configuration as a graph of resources. References are edges; `after` is order alone.
 * `file` is the content of the certificate's file, if the configuration names one.
 */
export function desired(configuration: Configuration, places: Places, file?: CertificateFile): readonly Node[] {
  const { name, keyVault, keyVaultApp, hmaApp } = configuration
  const at = (resource: string): Address => `${name}/${resource}`
  const registration = (tenantId: string, role: string, appId: string | undefined): Registration => ({
    tenantId,
    uniqueName: uniqueName(name, role),
    ...(appId && { appId }),
  })
  const material: Material = {
    ...places,
    configuration,
    file,
    at,
    kvApp: registration(keyVault.tenantId, 'kv-app', keyVaultApp.appId),
    hmaApp: registration(hmaApp.tenantId, 'hma-app', hmaApp.appId),
    vault: keyVault.create ? ref(at('vault'), 'uri') : places.keyVaultUri,
  }
  return [
    ...vault(material),
    application(material, 'keyVaultApp', { ...material.kvApp, displayName: keyVaultApp.displayName }),
    clientSecret(material),
    vaultAccess(material),
    application(material, 'hmaApp', { ...material.hmaApp, displayName: hmaApp.displayName, notes: purpose }),
    ...certificate(material),
    ...permission(material),
    ...servicePrincipalName(material),
    ...exchangeScripts(material),
    ...profile(material),
    ...mailboxes(material),
  ]
}

function vault({ configuration, at }: Material): Node[] {
  const { create, ...id } = configuration.keyVault
  return create ? [node<Vault>(at('vault'), 'vault', { ...id, ...create })] : []
}

const application = ({ at }: Material, name: string, spec: Application): Node =>
  node<Application>(at(name), name, spec, spec.appId === undefined ? {} : { takeOver: true })

/** For people who clean up before EWS ends in Exchange Online: usage reports do not show what HMA-App does. */
const purpose =
  'Dynamics 365 server-side synchronization signs in to Exchange Server as this application (Hybrid Modern Authentication). It calls EWS on Exchange Server only, so the EWS retirement in Exchange Online does not concern it, and usage reports do not show it. Managed by hma.'

function clientSecret({ configuration, at, kvApp, vault }: Material): Node {
  const { vaultSecretName, ...lifetime } = configuration.keyVaultApp.clientSecret
  const renewEarlierDays = secretEarlier(configuration)
  return node<ClientSecret>(at('clientSecret'), 'clientSecret', {
    ...kvApp,
    ...lifetime,
    ...(renewEarlierDays > 0 && { renewEarlierDays }),
    objectId: ref(at('keyVaultApp'), 'objectId'),
    clientId: ref(at('keyVaultApp'), 'appId'),
    store: configuration.keyVault.name,
    ...(vaultSecretName && { vault, vaultSecretName }),
    ...delivery(configuration),
  })
}

function delivery({ name, dynamics }: Configuration): Pick<ClientSecret, 'delivery'> {
  if (!dynamics) return {}
  const organization = { environmentUrl: dynamics.environmentUrl, tenantId: dynamics.tenantId }
  const id = (kind: string): string => guid(dynamics.environmentUrl, name, kind)
  return {
    delivery: {
      organization,
      profileId: id('emailserverprofile'),
      profileName: dynamics.profile.name,
      identityId: id('managedidentity'),
    },
  }
}

function vaultAccess({ configuration, at, kvApp }: Material): Node {
  const { create, ...id } = configuration.keyVault
  const spec = {
    ...id,
    registration: { ...kvApp, displayName: configuration.keyVaultApp.displayName },
    principalId: ref(at('keyVaultApp'), 'principalId'),
    ...(!create && { vaultExists: true as const }),
  }
  return node<VaultAccess>(at('vaultAccess'), 'vaultAccess', spec, create ? { after: [at('vault')] } : {})
}

function permission({ configuration, at, hmaApp, authorityHost }: Material): Node[] {
  const role = { resourceAppId: exchangeOnline, role: 'full_access_as_app', roleId: fullAccessAsApp }
  return [
    node<ApiPermission>(at('apiPermission'), 'apiPermission', { ...hmaApp, ...role, objectId: ref(at('hmaApp'), 'objectId') }),
    node<AdminConsent>(
      at('adminConsent'),
      'adminConsent',
      {
        ...role,
        tenantId: hmaApp.tenantId,
        registration: { ...hmaApp, displayName: configuration.hmaApp.displayName },
        principalId: ref(at('hmaApp'), 'principalId'),
        appId: ref(at('hmaApp'), 'appId'),
        mode: configuration.hmaApp.adminConsent,
        ...(configuration.hmaApp.adminConsent === 'manual' && { authorityHost }),
      },
      { after: [at('apiPermission')] },
    ),
  ]
}

/** At most two names: the server's, and the token audience if the configuration sets another. */
function servicePrincipalName({ configuration, at, hmaApp: { tenantId } }: Material): Node[] {
  const { servicePrincipalName, ewsUrl, resourceId } = configuration.exchange
  if (servicePrincipalName !== 'register') return []
  const names = [...new Set([new URL(ewsUrl).origin, resourceId.replace(/\/+$/, '')])]
  return [
    node<ServicePrincipalName>(at('servicePrincipalName'), 'servicePrincipalName', { tenantId, appId: exchangeOnline, names }),
  ]
}

function profile({ configuration, at, hmaApp, keyVaultUri }: Material): Node[] {
  const { dynamics, exchange, certificate, name, cloud } = configuration
  if (!dynamics) return []
  const authority = typeof cloud === 'string' ? serverAuthority[cloud] : undefined
  const spec: Desired<EmailServerProfile> = {
    organization: { environmentUrl: dynamics.environmentUrl, tenantId: dynamics.tenantId },
    profileId: guid(dynamics.environmentUrl, name, 'emailserverprofile'),
    referenceId: guid(dynamics.environmentUrl, name, 'keyvaultreference'),
    name: dynamics.profile.name,
    ewsUrl: exchange.ewsUrl,
    resourceId: exchange.resourceId,
    tenantId: hmaApp.tenantId,
    hmaAppId: ref(at('hmaApp'), 'appId'),
    keyVaultUri: `${keyVaultUri}/`,
    certificateName: certificate.name,
    identityId: ref(at('clientSecret'), 'identityId'),
    ...(authority !== undefined && { serverAuthority: authority }),
  }
  return [
    node<EmailServerProfile>(at('emailServerProfile'), 'emailServerProfile', spec, {
      after: [at('certificate'), at('vaultAccess')],
    }),
  ]
}

/** Last of all: a mailbox whose sign-in fails is disabled at once, so everything that sign-in needs comes before. */
function mailboxes({ configuration, at }: Material): Node[] {
  const { dynamics, name } = configuration
  if (!dynamics || dynamics.mailboxes.length === 0) return []
  const spec: Desired<Mailboxes> = {
    organization: { environmentUrl: dynamics.environmentUrl, tenantId: dynamics.tenantId },
    mailboxes: dynamics.mailboxes,
    profileName: dynamics.profile.name,
    profileGuid: guid(dynamics.environmentUrl, name, 'emailserverprofile'),
    profileId: ref(at('emailServerProfile'), 'id'),
  }
  const named = configuration.exchange.servicePrincipalName === 'register' ? [at('servicePrincipalName')] : []
  const after = [at('adminConsent'), at('certificateCredential'), ...named]
  return [node<Mailboxes>(at('mailboxes'), 'mailboxes', spec, { after })]
}

/**
 * Which sign-in host Dynamics uses
 * (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile, `serverauthority`).
 */
const serverAuthority = { public: 0, usgov: 1, 'usgov-dod': 1, china: 2 } as const
