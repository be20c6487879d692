import { onTestFinished } from 'vitest'
import type { ExchangeServer } from '../../packages/sandbox/src/exchange/state.ts'
import { type Clients, createClients } from '../../src/azure/clients.ts'
import { clouds } from '../../src/azure/cloud.ts'
import { createCredentials } from '../../src/azure/credentials/credentials.ts'
import { createTransport, type TransportOptions } from '../../src/azure/http/transport.ts'
import { Secret } from '../../src/core/secret.ts'
import { keyPair } from '../../src/proof/keyPair.ts'
import { registration } from '../support/credentials.ts'
import type { OpenDeployment } from '../support/deployment.ts'
import { instantTimer } from '../support/timer.ts'

export const ewsUrl = 'https://mail.contoso.com/EWS/Exchange.asmx'
export const mailbox = 'svc-d365@contoso.com'

export interface Connected {
  readonly clients: Clients
  readonly waits: number[]
  readonly lines: string[]
}

/** Clients with their own connections to a deployment's sandbox, without waits. */
export function connected({ sandbox }: Pick<OpenDeployment, 'sandbox'>, options: TransportOptions = {}): Connected {
  const [waits, lines]: [number[], string[]] = [[], []]
  const transport = createTransport({
    caPems: [sandbox.caPem],
    route: (name, port) => (sandbox.knows(`${name}:${port}`) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
    timer: instantTimer(waits),
    trace: (line) => lines.push(line),
    random: () => 1,
    ...options,
  })
  onTestFinished(() => transport.close())
  const cloud = clouds.public
  const credentials = createCredentials({ cloud, auth: new Map(), transport, now: () => Date.now() })
  const clients = createClients({ cloud, credentials, transport, tenantOf: () => undefined })
  return { clients, waits, lines }
}

export const appIdOf = ({ sandbox }: Pick<OpenDeployment, 'sandbox'>, role: 'kv-app' | 'hma-app'): string =>
  registration(sandbox.world, role)?.appId ?? ''

/** The value of a secret that the vault of the sandbox holds. */
export const vaultSecret = ({ sandbox }: Pick<OpenDeployment, 'sandbox'>, name: string): string =>
  sandbox.world.vaults['kv-contoso-mail']?.secrets[name]?.versions.at(-1)?.value ?? ''

/** Key and certificate of HMA-App, as the vault holds them. */
export async function certificateOf({ sandbox }: Pick<OpenDeployment, 'sandbox'>): Promise<Secret> {
  const versions = sandbox.world.vaults['kv-contoso-mail']?.certificates['hma-cert']?.versions
  const pair = await keyPair(new Secret(versions?.at(-1)?.secretValue ?? ''))
  if (typeof pair === 'string') throw new Error(pair)
  return pair.pem
}

/** The only Exchange of the sandbox, changed until the test is over. */
export function altered({ sandbox }: Pick<OpenDeployment, 'sandbox'>, change: Partial<ExchangeServer>): ExchangeServer {
  const [server] = sandbox.world.exchange.servers
  if (server === undefined) throw new Error('There is no Exchange.')
  const before = structuredClone(server)
  onTestFinished(() => {
    for (const name of Object.keys(server)) if (!(name in before)) Reflect.deleteProperty(server, name)
    Object.assign(server, before)
  })
  return Object.assign(server, change)
}
