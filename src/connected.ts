import { readFileSync } from 'node:fs'
import type { Auth } from './azure/auth.ts'
import { type Clients, createClients } from './azure/clients.ts'
import { type Cloud, clouds } from './azure/cloud.ts'
import { createCredentials } from './azure/credentials.ts'
import type { Landscape } from './azure/landscape.ts'
import { landscapeClient } from './azure/landscapeClient.ts'
import { createTransport, type TransportOptions } from './azure/transport.ts'
import type { Configuration, Credential } from './config/schema.ts'

/** What connections are made with, besides what the configuration says. */
export interface Lines {
  readonly transport: TransportOptions
  /** How to sign in, where it is not as the configuration says. By tenant id. */
  readonly auth?: ReadonlyMap<string, Auth>
  /** hma's own, which it tells Exchange. */
  readonly version: string
  /** Shows the code of a device sign-in. */
  prompt(message: string): void
  /** The machine's clock, in milliseconds. */
  machineNow(): number
}

export interface Connected {
  readonly clients: Clients
  /** What can be found without knowing where it is. */
  readonly landscape: Landscape
  close(): Promise<void>
}

/** Where and how to sign in; which tenant the vault belongs to, where that is known. */
export type Whereabouts = Pick<Configuration, 'cloud' | 'auth'> & Partial<Pick<Configuration, 'keyVault'>>

/** The clients of one deployment: it may sign in in its own way, to its own cloud. */
export function connect(configuration: Whereabouts, { transport: options, auth, version, prompt, machineNow }: Lines): Connected {
  const cloud = cloudOf(configuration)
  const caPems = [...(options.caPems ?? []), ...(cloud.caFile ? [readFileSync(cloud.caFile, 'utf8')] : [])]
  const transport = createTransport({ ...options, caPems })
  const signIns = auth ?? signInsOf(configuration, prompt)
  const credentials = createCredentials({ cloud, auth: signIns, transport, now: machineNow })
  const clients = createClients({ cloud, credentials, transport, version, tenantOf: () => configuration.keyVault?.tenantId })
  const landscape = landscapeClient({ cloud, credentials, transport })
  return { clients, landscape, close: () => transport.close() }
}

/** How to sign in to each tenant, as the configuration says. */
export const signInsOf = ({ auth }: Pick<Configuration, 'auth'>, prompt: Lines['prompt']): ReadonlyMap<string, Auth> =>
  new Map(Object.entries(auth).map(([tenant, one]) => [tenant, signInBy(one, prompt)]))

export const cloudOf = ({ cloud }: Pick<Configuration, 'cloud'>): Cloud => (typeof cloud === 'string' ? clouds[cloud] : cloud)

function signInBy(credential: Credential, prompt: Lines['prompt']): Auth {
  if (credential.credential === 'clientCertificate') {
    const { certificateFile, certificatePassword, ...rest } = credential
    return { ...rest, certificatePath: certificateFile, certificatePassword }
  }
  if (credential.credential === 'clientSecret') return credential
  const { credential: kind, clientId } = credential
  return kind === 'deviceCode' ? { credential: kind, clientId, prompt } : { credential: kind, clientId }
}
