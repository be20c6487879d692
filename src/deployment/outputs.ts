import type { Configuration } from '../config/schema.ts'
import type { ActualState } from '../core/survey.ts'
import type { Places } from './node.ts'
import { textAt } from './seen.ts'

/**
 * The eight values of the profile form, and a few more. What does not exist yet is null.
 * The client secret is a reference: `keyvault:NAME/VERSION`, or `dynamics:KEYID` if only Dynamics holds it.
 */
export function outputs(
  { name, exchange, hmaApp, certificate, dynamics }: Configuration,
  { keyVaultUri }: Places,
  actual: ActualState,
) {
  const text = (resource: string, ...path: readonly string[]): string | null =>
    textAt(actual.get(`${name}/${resource}`), ...path) ?? null
  return {
    ewsUrl: exchange.ewsUrl,
    resourceId: exchange.resourceId,
    tenantId: hmaApp.tenantId,
    hmaApplicationId: text('hmaApp', 'appId'),
    keyVaultUri: `${keyVaultUri}/`,
    keyVaultKeyName: certificate.name,
    keyVaultApplicationId: text('keyVaultApp', 'appId'),
    keyVaultClientSecret: secretReference(text),
    clientSecretExpires: instant(text('clientSecret', 'expires')),
    certificateThumbprint: text('certificate', 'thumbprint'),
    certificateExpires: instant(text('certificate', 'expires')),
    profileId: dynamics ? text('emailServerProfile', 'id') : null,
  }
}

/** To the second, as Entra and certificates give it. */
const instant = (text: string | null): string | null => text?.replace(/\.\d+Z$/, 'Z') ?? null

function secretReference(text: (resource: string, ...path: readonly string[]) => string | null): string | null {
  const [name, version] = [text('clientSecret', 'copy', 'name'), text('clientSecret', 'copy', 'version')]
  if (name !== null && version !== null) return `keyvault:${name}/${version}`
  const keyId = text('clientSecret', 'dynamics')
  return keyId === null ? null : `dynamics:${keyId}`
}
