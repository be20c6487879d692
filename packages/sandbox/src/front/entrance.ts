import type { Azure, LogEntry, Seed } from '../azure.ts'
import { type Fault, nameOf, refusing } from '../faults/faults.ts'
import { servedAt } from './hosts.ts'

/** A loopback port on which nothing listens. */
const closedPort = 1

export interface ConnectionContext {
  readonly azure: Azure
  readonly hosts: Seed['hosts']
  readonly faults: Fault[]
  readonly log: LogEntry[]
}

/** The port at which to connect to a host; nothing listens there while a fault refuses connections. */
export function portFor({ azure, hosts, faults, log }: ConnectionContext, host: string, port: number): number | undefined {
  const served = servedAt(azure, hosts, host)
  if (served === undefined) return undefined
  const fault = refusing(faults, served)
  if (fault === undefined) return port
  fault.times -= 1
  const at = azure.now().toISOString()
  const entry = { at, service: served, method: 'CONNECT', url: `https://${host}`, status: 0, caller: undefined }
  log.push({ ...entry, fault: nameOf(fault) })
  return closedPort
}

/** May a proxy client connect to this host? A host that the sandbox does not serve is reported once and logged every time. */
export function connecting(entrance: ConnectionContext, refused: (host: string) => void): (host: string) => boolean {
  const told = new Set<string>()
  return (host) => {
    const port = portFor(entrance, host, 0)
    if (port !== undefined) return port !== closedPort
    const at = entrance.azure.now().toISOString()
    entrance.log.push({ at, service: 'proxy', method: 'CONNECT', url: `https://${host}`, status: 502, caller: undefined })
    if (!told.has(host)) refused(host)
    told.add(host)
    return false
  }
}
