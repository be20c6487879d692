import { exchangeOnline } from '../azure/wellKnown.ts'
import { need, own, type Step } from './chain.ts'
import { type Finding, failed, passed, warning } from './finding.ts'
import type { Ports, Subject } from './subject.ts'

/**
 * Does Entra know Exchange Server by the address that Dynamics requests tokens for? The Hybrid Configuration Wizard registers it
 * (https://learn.microsoft.com/microsoft-365/enterprise/configure-exchange-server-for-hybrid-modern-authentication); a trailing slash does not matter.
 */
export async function servicePrincipalName(
  { hmaApp: { tenantId }, ewsUrl, resourceId }: Subject,
  { directory }: Ports,
  known: Step<true>,
): Promise<Finding<true>> {
  await need(known)
  const found = await own(directory.servicePrincipal(tenantId, exchangeOnline))
  if (!found)
    return failed(
      `Tenant ${tenantId} has no Office 365 Exchange Online.`,
      'Check hmaApp.tenantId: it must be the tenant with which Exchange is hybrid.',
    )
  const names = new Set(found.servicePrincipalNames.map(plain))
  const [wanted, host] = [plain(resourceId), plain(new URL(ewsUrl).origin)]
  if (!names.has(wanted))
    return failed(`Office 365 Exchange Online does not list ${wanted} among its service principal names.`, add(wanted))
  if (names.has(host)) return passed(`Office 365 Exchange Online lists ${wanted}.`, true)
  // Dynamics requests a token for the resource id and nothing else.
  return warning(
    `Office 365 Exchange Online lists ${wanted}, for which Entra issues tokens, but not ${host}, where Exchange answers.`,
    `Dynamics needs nothing else. Other clients may ask for a token for ${host}. ${add(host)}`,
    true,
  )
}

const add = (name: string): string =>
  `Set exchange.servicePrincipalName: register, and run \`hma apply\`. Or have an administrator add it: $x = Get-MgServicePrincipal -Filter "AppId eq '${exchangeOnline}'"; Update-MgServicePrincipal -ServicePrincipalId $x.Id -ServicePrincipalNames ($x.ServicePrincipalNames + '${name}/'). Or run the Hybrid Configuration Wizard again.`

const plain = (name: string): string => name.replace(/\/+$/, '').toLowerCase()
