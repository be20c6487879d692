import { vaultUri } from '../azure/cloud.ts'
import type { ExaminedSubject } from './examine.ts'
import { outcome, type ReportedProblem } from './outcome.ts'

/** A host that hma has to reach. */
export interface HostFound {
  readonly host: string
  readonly reachable: boolean
  /** Not needed for now: a vault that hma has yet to create, or Exchange for anything but `hma verify`. */
  readonly spare?: 'the vault is not made yet' | 'hma verify needs it'
  readonly problem?: ReportedProblem
}

/** Every host that the deployments need, each contacted once, without a token. */
export async function examineHosts(subjects: readonly ExaminedSubject[]): Promise<readonly HostFound[]> {
  const asked = new Map<string, Promise<HostFound>>()
  for (const subject of subjects)
    for (const { service, url, spare } of addressesOf(subject)) {
      const { host } = new URL(url)
      if (!asked.has(host)) asked.set(host, reached(host, subject.inspection.reach(service, url), spare))
    }
  return Promise.all(asked.values())
}

interface Address {
  readonly service: Parameters<ExaminedSubject['inspection']['reach']>[0]
  readonly url: string
  readonly spare?: HostFound['spare']
}

function addressesOf({ cloud, configuration, tenantIds }: ExaminedSubject): readonly Address[] {
  const tenant = configuration?.keyVault.tenantId ?? tenantIds[0] ?? 'organizations'
  const common: readonly Address[] = [
    { service: 'login', url: `${cloud.authorityHost}/${tenant}/v2.0/.well-known/openid-configuration` },
    { service: 'resourceManager', url: `${cloud.resourceManager}/subscriptions?api-version=2022-12-01` },
    { service: 'graph', url: `${cloud.graph}/v1.0/organization` },
  ]
  if (!configuration) return common
  const { keyVault, dynamics, exchange } = configuration
  return [
    ...common,
    {
      service: 'keyVault',
      url: `${vaultUri(cloud, keyVault.name)}/certificates?api-version=7.5`,
      ...(keyVault.create && { spare: 'the vault is not made yet' as const }),
    },
    ...(dynamics ? [{ service: 'dataverse' as const, url: `${dynamics.environmentUrl}/api/data/v9.2/WhoAmI` }] : []),
    { service: 'exchange', url: exchange.ewsUrl, spare: 'hma verify needs it' },
  ]
}

async function reached(host: string, call: Promise<void>, spare?: HostFound['spare']): Promise<HostFound> {
  const found = await outcome(call)
  if (!('problem' in found)) return { host, reachable: true }
  return { host, reachable: false, problem: found.problem, ...(spare && { spare }) }
}
