import type { RequiredPermission } from '../../azure/directory/port.ts'
import { exchangeOnline, fullAccessAsApp, microsoftGraph, userRead } from '../../azure/wellKnown.ts'
import type { Discovery, FoundHmaApp } from '../discovery.ts'
import { known } from '../readResult.ts'
import { type ImportRemark, when } from '../remark.ts'

/** Remarks on HMA-App: permissions, consent, and credentials outside the procedure. */
export function hmaAppRemarks({ hmaApp }: Discovery): readonly ImportRemark[] {
  if (!('seen' in hmaApp.application)) return []
  const application = hmaApp.application.seen
  if (!application)
    return [
      {
        at: 'hmaApp.appId',
        message: `There is no app registration ${known(hmaApp.appId)} in the tenant ${known(hmaApp.tenantId)}: Dynamics cannot sign in.`,
        next: '`hma apply` makes a new one. If it was deleted within 30 days, restore it in Entra first, and remove the #. Or the tenant is wrong.',
      },
    ]
  const secrets = application.passwordCredentials.length
  return [
    ...when(
      'seen' in hmaApp.principal && !hmaApp.principal.seen,
      'hmaApp.appId',
      'HMA-App has no service principal (enterprise application) in its tenant: it cannot sign in.',
      '`hma apply` makes it.',
    ),
    ...when(
      secrets > 0,
      'hmaApp.appId',
      `HMA-App has ${secrets === 1 ? 'a client secret' : `${secrets} client secrets`}. It signs in with the certificate alone.`,
      'Remove unused credentials in Entra.',
    ),
    ...asking(application.requiredPermissions),
    ...consent(hmaApp),
  ]
}

const isWanted = ({ resourceAppId, roleId }: RequiredPermission): boolean =>
  resourceAppId === exchangeOnline && roleId === fullAccessAsApp

function asking(permissions: readonly RequiredPermission[]): ImportRemark[] {
  const more = permissions.filter((one) => !isWanted(one) && !(one.resourceAppId === microsoftGraph && one.roleId === userRead))
  return [
    ...when(
      !permissions.some(isWanted),
      'hmaApp.adminConsent',
      'HMA-App does not ask for Office 365 Exchange Online / full_access_as_app.',
      '`hma apply` adds it.',
    ),
    ...when(
      more.length > 0,
      'hmaApp.adminConsent',
      `HMA-App asks for more than full_access_as_app: ${more.map(({ roleId, resourceAppId }) => `${roleId} of ${resourceAppId}`).join(', ')}.`,
      'Remove unneeded permissions in Entra, under API permissions. hma leaves them.',
    ),
  ]
}

/** Was consent given to the one permission it needs? Undefined if unknown. */
export function consented({ consents, exchange }: FoundHmaApp): boolean | undefined {
  if (!('seen' in consents) || !('seen' in exchange)) return undefined
  return consents.seen.some(({ appRoleId, resourceId }) => appRoleId === fullAccessAsApp && resourceId === exchange.seen?.id)
}

function consent(hmaApp: FoundHmaApp): ImportRemark[] {
  const given = consented(hmaApp)
  if (given === undefined) return []
  const more = (known(hmaApp.consents) ?? []).filter(
    ({ appRoleId, resourceId }) => appRoleId !== fullAccessAsApp || resourceId !== known(hmaApp.exchange)?.id,
  )
  return [
    ...when(
      !given,
      'hmaApp.adminConsent',
      'No administrator consented to full_access_as_app: Dynamics cannot sign in.',
      'With manual, `hma plan` shows the link that an administrator opens. With grant, hma consents, where it has the right.',
    ),
    ...when(
      more.length > 0,
      'hmaApp.adminConsent',
      `HMA-App was given consent to more than full_access_as_app: ${more.length} more ${more.length === 1 ? 'permission' : 'permissions'}.`,
      'Remove unneeded consent in Entra, under Enterprise applications, Permissions. hma leaves it.',
    ),
  ]
}
