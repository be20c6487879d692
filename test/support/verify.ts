import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { createClients } from '../../src/azure/clients.ts'
import { clouds } from '../../src/azure/cloud.ts'
import { createCredentials } from '../../src/azure/credentials/credentials.ts'
import { serviceClock } from '../../src/azure/http/serviceClock.ts'
import { createTransport } from '../../src/azure/http/transport.ts'
import { verify } from '../../src/commands/verify.ts'
import type { Check } from '../../src/core/kind.ts'
import { makeTarget } from '../../src/session/deployment.ts'
import { json } from '../../src/views/json.ts'
import { configuration } from './deployment.ts'
import { signIns } from './signIns.ts'
import { instantTimer } from './timer.ts'

export interface Verified {
  readonly code: number
  readonly checks: readonly Check[]
  readonly stdout: string
  readonly stderr: string
}

/** `hma verify` of one configuration, against a sandbox that runs, by one of its principals. */
export async function verified(sandbox: Sandbox, yaml: string, rights: 'owner' | 'reader' = 'owner'): Promise<Verified> {
  const wanted = await configuration(yaml)
  const { signal } = new AbortController()
  const clock = serviceClock(() => Date.now())
  const transport = createTransport({
    clock,
    caPems: [sandbox.caPem],
    route: (name, port) => (sandbox.knows(`${name}:${port}`) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
    timer: instantTimer(),
  })
  const { skew } = clock
  const credentials = createCredentials({
    cloud: clouds.public,
    auth: signIns(sandbox, rights),
    transport,
    now: () => Date.now(),
  })
  const clients = createClients({ cloud: clouds.public, credentials, transport, tenantOf: () => wanted.keyVault.tenantId })
  const said = { stdout: '', stderr: '' }
  const write = (stream: keyof typeof said) => (text: string) => void (said[stream] += text)
  const view = json(
    {
      out: write('stdout'),
      err: write('stderr'),
      annotate: write('stdout'),
      columns: 80,
      color: false,
      live: false,
      unicode: true,
    },
    { quiet: false },
  )
  const now = () => sandbox.now()
  const target = await makeTarget(
    wanted,
    { clients, disconnect: async () => {}, rest: async () => {} },
    { directory: '.', sandbox: true, signal, now, skew },
  )
  try {
    const code = await verify({
      ...{ view, targets: [target], unusable: 0, sandbox: true, signal, version: '0', now, skew },
      pace: { timer: instantTimer(), resourceMs: 1, refusedMs: 1, delay: () => 1 },
      turn: () => (work) => work(),
      limit: (_, work) => work(),
      ask: async () => false,
      close: async () => {},
    })
    const told: Record<string, { checks: readonly Check[] }> = said.stdout === '' ? {} : JSON.parse(said.stdout)
    return { code, checks: told[wanted.name]?.checks ?? [], ...said }
  } finally {
    await transport.close()
  }
}
