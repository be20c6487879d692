import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { proxied } from '../../packages/sandbox/test/clients/proxied.ts'
import { raw } from '../../packages/sandbox/test/support/rawRequest.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { labCloud } from '../support/labCloud.ts'

let open: Workplace | undefined
const at = async (configuration: string): Promise<Workplace> => {
  open = await workplace(configuration)
  return open
}
afterEach(async () => {
  await open?.leave()
  open = undefined
})

const actions = (stdout: string): Record<string, number> => JSON.parse(stdout).summary

describe('the main job, from argv to transcript', () => {
  test('plan, apply, again, output, destroy', async () => {
    const here = await at(yaml({ copy: true }))
    const planned = await here.hma('plan --sandbox --json')
    expect(planned.code).toBe(0)
    expect(actions(planned.stdout)).toEqual({ none: 0, create: 11, update: 0, adopt: 0, remove: 0, manual: 0 })
    expect((await here.hma('plan --sandbox --detailed-exitcode --quiet')).code).toBe(2)

    const applied = await here.hma('apply --sandbox --yes')
    expect(applied.code).toBe(0)
    expect(applied.stdout).toContain('+ certificateCredential  new')
    expect(applied.stdout).toContain('Plan: 11 to create.')
    expect(applied.stdout).toContain('Applied: 11 done.')
    expect(applied.stderr).toMatch(/^contoso\/emailServerProfile +done, /m)

    const again = await here.hma('apply --sandbox --yes')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('No changes')

    const values = await here.hma('output --sandbox --json')
    expect(Object.values(JSON.parse(values.stdout).contoso)).not.toContain(null)
    const secret = await here.hma('output --sandbox --reveal keyVaultClientSecret')
    expect(secret.stdout.trim()).toMatch(/^[\w.~-]{30,}$/)
    const world = await readFile(join(here.directory, '.hma', 'sandbox.json'), 'utf8')
    expect((await stat(join(here.directory, '.hma', 'sandbox.json'))).mode & 0o077).toBe(0)
    expect(world).toContain('hma-contoso-kv-app')

    const asked = await here.hma('destroy --sandbox')
    expect(asked.code).toBe(1)
    expect(asked.stderr).toContain('--yes')
    const gone = await here.hma('destroy --sandbox --yes --json')
    expect(gone.code).toBe(0)
    expect(gone.stdout.trim().split('\n').at(-1)).toContain('"failed":0')
    expect((await here.hma('destroy --sandbox --yes')).stdout).toContain('Nothing to')
  })

  test('a reviewed plan is carried out, or refused if something has changed', async () => {
    const here = await at(yaml())
    const saved = join(here.directory, 'plan.json')
    expect((await here.hma(`plan --sandbox --out ${saved}`)).code).toBe(0)
    expect((await stat(saved)).mode & 0o077).toBe(0)
    expect((await here.hma(`apply --sandbox --yes ${saved}`)).code).toBe(0)
    const stale = await here.hma(`apply --sandbox --yes ${saved}`)
    expect(stale.code).toBe(1)
    expect(stale.stderr).toContain('has changed since this plan')
    expect(stale.stderr).toContain('contoso/vault')
  })

  test('the clock of the sandbox is the clock of hma', async () => {
    const here = await at(yaml())
    await here.hma('apply --sandbox --yes --quiet')
    await here.hma('sandbox advance 155d')
    const due = await here.hma('plan --sandbox')
    expect(due.stdout).toMatch(/~ clientSecret\s+expires in \d+ days \(renewal was due \d+ days? ago\)/)
    expect(due.stdout).toContain('10 unchanged')
    expect((await here.hma('sandbox reset')).code).toBe(0)
    expect(actions((await here.hma('plan --sandbox --json')).stdout).create).toBe(11)
  })

  test('several deployments; one that cannot be planned does not stop the other', async () => {
    const both = `${yaml()}\n---\n${yaml({ name: 'fabrikam', create: false, dynamics: false })}`
    const here = await at(both)
    await here.hma('plan --sandbox --quiet')
    await here.write('hma.config.yaml', both.replaceAll('name: kv-fabrikam-mail', 'name: kv-nowhere'))
    const planned = await here.hma('plan --sandbox')
    expect(planned.code).toBe(0)
    const world = JSON.parse(await readFile(join(here.directory, '.hma', 'sandbox.json'), 'utf8'))
    expect(world.resources.vaults.map(({ name }: { name: string }) => name)).toContain('kv-nowhere')
    expect((await here.hma('plan --sandbox --only fab*')).stdout).not.toContain('contoso\n')
    const none = await here.hma('plan --sandbox --only northwind')
    expect(none.code).toBe(1)
    expect(none.stderr).toContain('The configuration has contoso, fabrikam')
    expect((await here.hma('plan --sandbox --only contoos')).stderr).toContain('Did you mean contoso?')
  })
})

/** The sandbox signs in nowhere, so it does not need the variable. */
const withVariable = [
  'auth:',
  '  11111111-1111-1111-1111-111111111111:',
  '    credential: clientSecret',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
  '    clientId: ${HMA_TEST_NOT_SET}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
  '    clientSecret: ${HMA_TEST_NOT_SET}',
].join('\n')

describe('hma as a client of a served sandbox', () => {
  test('a custom cloud with its own authority, ports and credentials; a plan writes nothing', async () => {
    const here = await at(`${yaml({ tenants: 1 })}\n${withVariable}`)
    const stop = new AbortController()
    let ready: Ready | undefined
    const serving = here.hma('sandbox --json', stop.signal)
    for (let tries = 0; tries < 100 && !ready; tries++) {
      await setTimeout(50)
      ready = await readReady(here)
    }
    if (!ready) throw new Error('the sandbox did not start')
    const { port, ca } = ready
    const world = JSON.parse(await readFile(join(here.directory, '.hma', 'sandbox.json'), 'utf8'))
    const owner = world.directory.principals.find((one: { rights: string }) => one.rights === 'owner')
    await here.write('lab.yaml', lab(port, owner))

    const planned = await here.hma('plan -f lab.yaml --json')
    expect(planned.stderr).toBe('')
    expect(actions(planned.stdout).create).toBe(11)

    const refused = await here.hma('plan -f lab.yaml --sandbox')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('in use')

    await here.write('wrong.yaml', lab(port, { ...owner, clientSecret: 'wrong' }))
    const wrong = await here.hma('plan -f wrong.yaml')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('AADSTS7000215')

    await here.write('nobody.yaml', lab(port, owner).replaceAll('11111111', '99999999'))
    const nobody = await here.hma('plan -f nobody.yaml')
    expect(nobody.code).toBe(1)
    expect(nobody.stderr).toMatch(/the authority knows\s+no such tenant/)
    expect(nobody.stderr).not.toMatch(/^\s+at /m)

    const env = JSON.parse((await here.hma('sandbox env --shell json')).stdout)
    expect(env).toMatchObject({ HTTPS_PROXY: `http://127.0.0.1:${port}`, AZURE_CLIENT_ID: owner.clientId })
    const client = proxied({ port, caPem: await readFile(env.NODE_EXTRA_CA_CERTS, 'utf8') })
    const known = await client.fetch(
      `https://login.microsoftonline.com/${env.AZURE_TENANT_ID}/v2.0/.well-known/openid-configuration`,
    )
    expect(known.status).toBe(200)
    await client.close()

    const control = `https://control.sandbox.localhost:${port}/log`
    const token = await readFile(join(here.directory, '.hma', 'sandbox-control-token'), 'utf8')
    const log = await raw({ port, caPem: ca }, 'GET', control, { headers: { authorization: `Bearer ${token}` } })
    const entries: { method: string; service: string; url: string }[] = JSON.parse(log.body).value
    expect(
      entries.filter(
        ({ method, service, url }) => method !== 'GET' && service !== 'login' && !url.includes('/checkNameAvailability'),
      ),
    ).toEqual([])
    stop.abort()
    expect((await serving).code).toBe(0)
    expect((await serving).stderr).not.toContain('a write under way')
    const stopped = await here.hma('sandbox env')
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('No sandbox is running in this folder')])
  })
})

interface Ready {
  readonly port: number
  readonly ca: string
}

async function readReady({ directory }: Workplace): Promise<Ready | undefined> {
  try {
    const { port }: { port: number } = JSON.parse(await readFile(join(directory, '.hma', 'sandbox.json.lock'), 'utf8'))
    const ca = await readFile(join(directory, '.hma', 'sandbox-ca.pem'), 'utf8')
    return port > 0 ? { port, ca } : undefined
  } catch {
    return undefined
  }
}

const lab = (port: number, owner: { clientId: string; clientSecret: string }): string =>
  yaml({ tenants: 1 })
    .replace('https://contoso.crm4.dynamics.com', `https://org.crm.sandbox.localhost:${port}`)
    .concat(
      '\n',
      [
        ...labCloud(port),
        '  caFile: .hma/sandbox-ca.pem',
        'auth:',
        '  11111111-1111-1111-1111-111111111111:',
        '    credential: clientSecret',
        `    clientId: ${owner.clientId}`,
        `    clientSecret: ${owner.clientSecret}`,
      ].join('\n'),
    )
