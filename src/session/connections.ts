import { type Clients, createClients } from '../azure/clients.ts'
import { type Cloud, clouds } from '../azure/cloud.ts'
import type { Auth } from '../azure/credentials/auth.ts'
import { createCredentials } from '../azure/credentials/credentials.ts'
import { confined } from '../azure/http/confined.ts'
import { destinations } from '../azure/http/destinations.ts'
import { type OwnTransport, transportOfFleet } from '../azure/http/fleet.ts'
import { createTransport, type Transport, type TransportOptions } from '../azure/http/transport.ts'
import { inspectionClient } from '../azure/inspect/client.ts'
import type { Inspection } from '../azure/inspect/port.ts'
import { searchClient } from '../azure/search/client.ts'
import type { Search } from '../azure/search/port.ts'
import { readAuthorities } from '../config/read/authorities.ts'
import { readBytes } from '../config/read/bytes.ts'
import type { Environment } from '../config/read/environment.ts'
import type { Configuration, Credential } from '../config/schema.ts'
import { HmaError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { fileProblem } from '../files/problem.ts'

/** What connections depend on, apart from the configuration. */
export interface ConnectionSettings {
  readonly transport: TransportOptions
  /** The transport shared by all deployments that trust these additional certificates. */
  common(caPems: readonly string[]): Transport
  /** With this many deployments, the number of open connections matters more than a few milliseconds. */
  readonly fleet: boolean
  /** Everything sent passes through this first. */
  readonly through?: (transport: OwnTransport) => OwnTransport
  /** How to sign in, by tenant id, if not as the configuration says. */
  readonly auth?: ReadonlyMap<string, Auth>
  /** This machine's token endpoint for managed identities, from its environment. */
  readonly identityEndpoints: readonly string[]
  /** Shows the code of a device sign-in. */
  prompt(message: string): void
  /** A sign-in to this tenant starts; the returned function is called when it ends. */
  readonly signingIn?: (tenantId: string) => () => void
  /** The machine's clock, in milliseconds. */
  machineNow(): number
}

export interface Connected {
  /** Created on first use, and again after a rest. */
  readonly clients: Clients
  /** Finds things without knowing where they are. */
  readonly search: Search
  /** For `hma doctor`. */
  readonly inspection: Inspection
  /** In a fleet, closes this deployment's connections. They are opened again when needed. */
  disconnect(): Promise<void>
  /** In a fleet, releases its clients and tokens, too. They come back when needed. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** Where and how to sign in, and what else to connect to, if known. */
export type ConnectionTarget = Pick<Configuration, 'cloud' | 'auth'> & {
  readonly keyVault?: Pick<Configuration['keyVault'], 'tenantId' | 'name'>
  readonly dynamics?: Pick<NonNullable<Configuration['dynamics']>, 'environmentUrl'>
  readonly exchange?: Pick<Configuration['exchange'], 'ewsUrl'>
}

/** One transport for all deployments that trust the same certificates, created when the first needs it. */
export function commonTransports(options: TransportOptions) {
  const made = new Map<string, Transport>()
  return {
    trusting(caPems: readonly string[]): Transport {
      const key = caPems.join()
      const found = made.get(key) ?? createTransport({ ...options, caPems, concurrency: 64 })
      made.set(key, found)
      return found
    },
    close: async (): Promise<void> => void (await Promise.all([...made.values()].map((one) => one.close()))),
  }
}

/** The clients of one deployment, which may have its own sign-in and cloud. */
export async function connect(configuration: ConnectionTarget, settings: ConnectionSettings): Promise<Connected> {
  const { transport: options, auth, prompt, signingIn, machineNow, fleet } = settings
  const cloud = cloudOf(configuration)
  const caPems = [...(options.caPems ?? []), ...(cloud.caFile === undefined ? [] : [await authorities(cloud.caFile)])]
  const permit = destinations({
    cloud,
    vaultName: configuration.keyVault?.name,
    environmentUrl: configuration.dynamics?.environmentUrl,
    ewsUrl: configuration.exchange?.ewsUrl,
    identityEndpoints: settings.identityEndpoints,
  })
  const own = transportOfFleet(cloud, settings.common(caPems), { ...options, caPems, ...(fleet && { concurrency: 1 }) })
  const transport = (settings.through ?? ((plain) => plain))(confined(own, permit))
  const make = (): Pick<Connected, 'clients' | 'search' | 'inspection'> => {
    const signIns = auth ?? signInsOf(configuration, prompt)
    const credentials = createCredentials({
      cloud,
      auth: signIns,
      closed: auth !== undefined,
      transport,
      ...(signingIn && { signingIn }),
      now: machineNow,
    })
    return {
      clients: createClients({ cloud, credentials, transport, tenantOf: () => configuration.keyVault?.tenantId }),
      search: searchClient({ cloud, credentials, transport }),
      inspection: inspectionClient({ cloud, credentials, transport }),
    }
  }
  let made: ReturnType<typeof make> | undefined
  const opened = () => (made ??= make())
  const rest = (): Promise<void> => {
    made = undefined
    return transport.rest()
  }
  return {
    get clients() {
      return opened().clients
    },
    get search() {
      return opened().search
    },
    get inspection() {
      return opened().inspection
    },
    disconnect: fleet ? () => transport.rest() : async () => {},
    rest: fleet ? rest : async () => {},
    close: rest,
  }
}

const authorities = (path: string): Promise<string> =>
  readAuthorities(path).catch((cause: unknown) => {
    const hint = 'cloud.caFile must name a file with certificates in PEM format.'
    throw new HmaError('HMA114', `${path} cannot be read: ${fileProblem(cause)}`, { hint, cause })
  })

async function signInCertificate(path: string): Promise<Secret> {
  const bytes = await readBytes(path, path, 'a certificate and its private key as PEM')
  if (bytes !== undefined) return new Secret(bytes.toString('utf8'))
  throw new HmaError('HMA114', `${path} cannot be read: there is no such file`, { hint: 'Check certificateFile under `auth`.' })
}

/** How to sign in to each tenant, as the configuration says. */
export const signInsOf = (
  { auth }: Pick<Configuration, 'auth'>,
  prompt: ConnectionSettings['prompt'],
): ReadonlyMap<string, Auth> => new Map(Object.entries(auth).map(([tenant, one]) => [tenant, signInBy(one, prompt)]))

export const cloudOf = ({ cloud }: Pick<Configuration, 'cloud'>): Cloud => (typeof cloud === 'string' ? clouds[cloud] : cloud)

function signInBy(credential: Credential, prompt: ConnectionSettings['prompt']): Auth {
  if (credential.credential === 'clientCertificate') {
    const { certificateFile, certificatePassword, ...rest } = credential
    return { ...rest, certificate: () => signInCertificate(certificateFile), certificatePassword }
  }
  if (credential.credential === 'clientSecret') return credential
  const { credential: kind, clientId } = credential
  return kind === 'deviceCode' ? { credential: kind, clientId, prompt } : { credential: kind, clientId }
}

/** https://learn.microsoft.com/azure/app-service/overview-managed-identity, and what Azure Arc, Cloud Shell and older platforms call it. */
export const identityEndpoints = (env: Environment): readonly string[] =>
  ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT', 'IMDS_ENDPOINT', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'].flatMap((name) => env[name] ?? [])
