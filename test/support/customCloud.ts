import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Sandbox, start } from '../../packages/sandbox/src/sandbox.ts'
import { readWorld } from '../../packages/sandbox/src/store.ts'
import type { Pace } from '../../src/core/pace.ts'
import { prerequisites } from '../../src/deployment/prerequisites.ts'
import { configuration, ids, type Variant, yaml } from './deployment.ts'
import { type Said, type Workplace, workplace } from './hma.ts'
import { labCloud } from './labCloud.ts'

/** An applied deployment, in a sandbox configured as a custom cloud. */
export interface Lab {
  readonly sandbox: Sandbox
  /** The folder of its configuration. */
  readonly here: Workplace
  /** Where it is, as a configuration says it; its certificate stands in ca.pem. */
  readonly cloud: string
  /** Signed in as one of the sandbox's principals; `more` stands behind the configuration. */
  hma(line: string, rights: 'owner' | 'reader', more?: string): Promise<Said>
  leave(): Promise<void>
}

/** Applied with `--sandbox`, which waits less than hma does for a cloud; then served at the port that the configuration names. */
export async function lab(variant: Variant, pace?: Pace): Promise<Lab> {
  const port = await freePort()
  const text = `${yaml({ ...variant, tenants: 1 })
    .replace('contoso.crm4.dynamics.com', `org.crm.sandbox.localhost:${port}`)
    .replace('mail.sandbox.localhost', `mail.sandbox.localhost:${port}`)}\n${cloud(port)}`
  const here = await workplace(text, pace)
  const { code, stderr } = await here.hma('apply --sandbox --yes --quiet')
  const world = readWorld(join(here.directory, '.hma', 'sandbox.json'))
  if (code !== 0 || !world) throw new Error(stderr)
  const hosts = { login: 'login.lab', management: 'management.lab', graph: 'graph.lab', vaultSuffix: 'vault.lab' }
  const seed = { hosts, deployments: [prerequisites(await configuration(text))] }
  const sandbox = await start({ seed, world, port, settings: { replicationLag: 0, registeringDns: 0 } })
  await here.write('ca.pem', sandbox.caPem)
  return {
    sandbox,
    here,
    cloud: `${cloud(port)}\n  caFile: ca.pem\n`,
    hma: async (line, rights, more = '') => {
      await here.write('hma.config.yaml', `${text}\n  caFile: ca.pem\n${auth(sandbox, rights)}${more}`)
      return here.hma(line)
    },
    leave: async () => {
      await sandbox.close()
      await here.leave()
    },
  }
}

/** A free port. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const cloud = (port: number): string => [...labCloud(port)].join('\n')

function auth({ principals }: Sandbox, rights: 'owner' | 'reader'): string {
  const me = principals.find((one) => one.rights === rights && one.tenantId === ids.vaultTenant)
  return `auth:\n  ${ids.vaultTenant}: {credential: clientSecret, clientId: ${me?.clientId}, clientSecret: ${me?.clientSecret}}\n`
}
