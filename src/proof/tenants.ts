import { type Finding, failed, passed } from './finding.ts'
import type { Ports, Subject } from './subject.ts'

/** Are the tenant ids those of tenants in this cloud? */
export async function tenants({ hmaApp, keyVaultApp }: Subject, { signIn }: Ports): Promise<Finding<true>> {
  const places = new Map([
    [keyVaultApp.tenantId, 'keyVault.tenantId'],
    [hmaApp.tenantId, 'hmaApp.tenantId'],
  ])
  const unknown: string[] = []
  await Promise.all([...places.keys()].map(async (id) => (await signIn.tenantExists(id)) || unknown.push(id)))
  const [first] = unknown
  if (first === undefined) return passed(`Entra knows ${[...places.keys()].map((id) => `tenant ${id}`).join(' and ')}.`, true)
  return failed(
    `Entra does not know the tenant ${unknown.join(' and none ')}.`,
    `Correct ${unknown.map((id) => places.get(id)).join(' and ')}, or \`cloud\`: the id is in the Microsoft Entra admin center, under Overview.`,
  )
}
