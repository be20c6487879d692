import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Principal, World } from '../../packages/sandbox/src/azure.ts'
import type { Fault } from '../../packages/sandbox/src/faults/faults.ts'
import { raw } from '../../packages/sandbox/test/support/rawRequest.ts'
import { yaml } from './deployment.ts'
import type { Workplace } from './hma.ts'
import { labCloud } from './labCloud.ts'

/** `hma sandbox`, serving in a workplace for other programs, of which hma itself is one. */
export interface Served {
  /** Of the tenant that has the vault. */
  readonly owner: Principal
  world(): Promise<World>
  /** The faults from now on, replacing the previous ones. */
  fault(fault?: Fault): Promise<void>
  /** A configuration that leads to it, with its owner's secret in the variable LAB_SECRET. */
  configuration(): string
  stop(): Promise<void>
}

export const labTenant = '11111111-1111-1111-1111-111111111111'

export async function served(here: Workplace): Promise<Served> {
  const stop = new AbortController()
  const serving = here.hma('sandbox --json', stop.signal)
  const file = (name: string): Promise<string> => readFile(join(here.directory, '.hma', name), 'utf8')
  const port = await vi.waitUntil(() => file('sandbox.json.lock').then(portIn, () => 0), { timeout: 20_000 })
  const caPem = await vi.waitUntil(() => file('sandbox-ca.pem').catch(() => ''), { timeout: 20_000 })
  const world = async (): Promise<World> => JSON.parse(await file('sandbox.json'))
  const owner = (await world()).directory.principals.find((one) => one.rights === 'owner' && one.tenantId === labTenant)
  if (!owner) throw new Error('The sandbox has no owner.')
  const control = `https://control.sandbox.localhost:${port}/faults`
  return {
    owner,
    world,
    async fault(fault) {
      const authorization = `Bearer ${await file('sandbox-control-token')}`
      await raw({ port, caPem }, 'DELETE', control, { headers: { authorization } })
      if (fault)
        await raw({ port, caPem }, 'POST', control, {
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify(fault),
        })
    },
    configuration: () => configuration(port, owner.clientId),
    async stop() {
      stop.abort()
      await serving
    },
  }
}

/** 0 until it listens. The file may be read while it is being written. */
const portIn = (text: string): number => Number(/"port":(\d+)\}/.exec(text)?.[1] ?? 0)

const configuration = (port: number, clientId: string): string =>
  [
    yaml({ tenants: 1, copy: true }).replace('https://contoso.crm4.dynamics.com', `https://org.crm.sandbox.localhost:${port}`),
    ...labCloud(port),
    '  caFile: .hma/sandbox-ca.pem',
    'auth:',
    `  ${labTenant}: { credential: clientSecret, clientId: ${clientId}, clientSecret: "$\{LAB_SECRET}" }`,
  ].join('\n')
