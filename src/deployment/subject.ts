import type { Configuration } from '../config/schema.ts'
import type { ConfiguredRegistration, Subject } from '../proof/subject.ts'
import { guid, uniqueName } from '../resources/mark.ts'
import type { Places } from './node.ts'
import { signInHosts } from './signInHosts.ts'

/** What `hma verify` has to prove, according to the configuration. */
export function subject(configuration: Configuration, places: Places, now: Date): Omit<Subject, 'delivered' | 'clockOff'> {
  const { name, keyVault, keyVaultApp, hmaApp, exchange, certificate, dynamics } = configuration
  const registration = (tenantId: string, role: string, appId: string | undefined): ConfiguredRegistration => ({
    tenantId,
    key: appId === undefined ? { uniqueName: uniqueName(name, role) } : { appId },
  })
  return {
    now,
    ewsUrl: exchange.ewsUrl,
    resourceId: exchange.resourceId,
    mailbox: exchange.testMailbox ?? dynamics?.mailboxes[0]?.address,
    signInHosts: signInHosts(places.authorityHost),
    keyVaultApp: registration(keyVault.tenantId, 'kv-app', keyVaultApp.appId),
    hmaApp: registration(hmaApp.tenantId, 'hma-app', hmaApp.appId),
    vaultUri: places.keyVaultUri,
    certificateName: certificate.name,
    renewBeforeDays: certificate.renewBeforeDays,
    profile: dynamics && {
      organization: { environmentUrl: dynamics.environmentUrl, tenantId: dynamics.tenantId },
      id: guid(dynamics.environmentUrl, name, 'emailserverprofile'),
      name: dynamics.profile.name,
      deployment: name,
    },
    secretName: keyVaultApp.clientSecret.vaultSecretName,
  }
}
