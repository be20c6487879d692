import { exchangeOnline } from '../azure/wellKnown.ts'
import { need, own, type Step } from './chain.ts'
import { type Finding, failed, passed } from './finding.ts'
import type { Ports, Subject } from './subject.ts'

/**
 * Does Entra know Exchange Server under the address that Dynamics asks for? The Hybrid Configuration Wizard registers it
 * (https://learn.microsoft.com/microsoft-365/enterprise/configure-exchange-server-for-hybrid-modern-authentication); a slash at the end does not matter.
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
      'Check hmaApp.tenantId: it has to be the tenant with which Exchange is hybrid.',
    )
  const names = new Set(found.servicePrincipalNames.map(plain))
  const missing = [...new Set([new URL(ewsUrl).origin, resourceId].map(plain))].filter((name) => !names.has(name))
  if (missing.length === 0) return passed(`Office 365 Exchange Online lists ${plain(resourceId)}.`, true)
  return failed(
    `Office 365 Exchange Online does not list ${missing.join(' and ')} among its service principal names.`,
    `Set exchange.servicePrincipalName: register, and run \`hma apply\`. Or have an administrator add it: $x = Get-MgServicePrincipal -Filter "AppId eq '${exchangeOnline}'"; Update-MgServicePrincipal -ServicePrincipalId $x.Id -ServicePrincipalNames ($x.ServicePrincipalNames + ${missing.map((name) => `'${name}/'`).join(', ')}). Or run the Hybrid Configuration Wizard again.`,
  )
}

const plain = (name: string): string => name.replace(/\/+$/, '').toLowerCase()
