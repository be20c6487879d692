import { afterEach, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { ids, type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import { grantRights } from '../support/rights.ts'

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
const register: Variant = { exchange: ['servicePrincipalName: register'] }
const address = 'contoso/servicePrincipalName'

let here: OpenDeployment
afterEach(() => here.close())

function principal(world: World) {
  const found = Object.values(world.directory.tenants[ids.exchangeTenant]?.servicePrincipals ?? {})
  const one = found.find(({ appId }) => appId === exchangeOnline)
  if (!one) throw new Error('there is no Exchange Online')
  return one
}

const names = (stage: OpenDeployment): readonly string[] => principal(stage.sandbox.world).servicePrincipalNames
const change = async (stage: OpenDeployment) => (await stage.plan()).find((one) => one.address === address)

describe('exchange.servicePrincipalName: register', () => {
  test('adds the address of Exchange, keeps every other name unchanged, and then finds nothing to do', async () => {
    here = await openDeployment(register)
    const foreign = [
      'https://autodiscover.contoso.com/',
      'HTTPS://Legacy.Contoso.com',
      'https://mail.fabrikam.com/EWS/Exchange.asmx',
    ]
    principal(here.sandbox.world).servicePrincipalNames.push(...foreign)
    const before = names(here)
    expect(before).not.toContain('https://mail.contoso.com/')
    expect(await change(here)).toMatchObject({ action: 'create', reason: 'missing' })
    await here.apply()
    expect(names(here)).toEqual([...before, 'https://mail.contoso.com'])
    expect((await change(here))?.action).toBe('none')
    expect((await here.apply()).writes).toEqual([])
  })

  test.each(['https://mail.contoso.com/', 'https://MAIL.contoso.com', 'https://mail.contoso.com'])(
    'takes %s for the same name',
    async (name) => {
      here = await openDeployment(register)
      principal(here.sandbox.world).servicePrincipalNames.push(name)
      expect((await change(here))?.action).toBe('none')
    },
  )

  test('also adds the resource id if it differs from the host of EWS', async () => {
    here = await openDeployment({
      exchange: ['servicePrincipalName: register', 'resourceId: https://exchange.contoso.com/', 'trustEwsHost: true'],
    })
    principal(here.sandbox.world).servicePrincipalNames.push('https://mail.contoso.com/')
    expect(await change(here)).toMatchObject({
      action: 'update',
      differences: [{ field: 'name', to: 'https://exchange.contoso.com' }],
    })
    await here.apply()
    expect(names(here)).toContain('https://exchange.contoso.com')
  })

  test('removes no name, neither with destroy nor after a change to check', async () => {
    here = await openDeployment(register)
    await here.apply()
    const { changes } = await here.apply({ remove: true })
    expect(changes.find((one) => one.address === address)?.action).toBe('none')
    expect(names(here)).toContain('https://mail.contoso.com')
    const checking = await here.with({})
    await checking.apply()
    expect(names(here)).toContain('https://mail.contoso.com')
  })

  test('adds it once, although the directory lags and flaps', async () => {
    here = await openDeployment(register, { replicationLag: 300 })
    const before = names(here)
    await here.apply()
    expect(names(here)).toEqual([...before, 'https://mail.contoso.com'])
  })

  test('keeps a name that was just added and that some replicas do not show yet', async () => {
    here = await openDeployment(register)
    const added = 'https://just-added.contoso.com'
    principal(here.sandbox.world).servicePrincipalNames.push(added)
    let asked = 0
    const lagging = await here.process((transport) => ({
      ...transport,
      send: async (request) => {
        const answer = await transport.send(request)
        const isList = request.method === 'GET' && request.url.includes(`appId='${exchangeOnline}'`)
        if (!isList || asked++ > 2) return answer
        return { ...answer, body: answer.body.replace(`,"${added}"`, '') }
      },
    }))
    await lagging.apply()
    expect(asked).toBeGreaterThan(3)
    expect(names(here)).toEqual(expect.arrayContaining([added, 'https://mail.contoso.com']))
  })

  test('names the missing right and the tenant: rights over its own applications are not enough', async () => {
    here = await openDeployment({ ...register, dynamics: false })
    grantRights(here.sandbox.world, [
      ...(['vault', 'exchange'] as const).flatMap((tenant) =>
        ['Application.Read.All', 'Application.ReadWrite.OwnedBy', 'AppRoleAssignment.ReadWrite.All'].map(
          (name) => ({ of: 'graph', tenant, name }) as const,
        ),
      ),
      { of: 'azure', at: 'subscription', name: 'Owner' },
    ])
    const { events } = await here.apply()
    const failed = events.find((event) => event.type === 'failed' && event.address === address)
    if (failed?.type !== 'failed') throw new Error('nothing failed')
    expect(failed.error).toMatchObject({ errorCode: 'HMA301', hint: expect.stringContaining('Application.ReadWrite.All') })
    expect(failed.error).toMatchObject({ hint: expect.stringContaining(ids.exchangeTenant) })
  })

  test('says so where the tenant is not the one of Exchange', async () => {
    here = await openDeployment(register)
    const { world } = here.sandbox
    delete world.directory.tenants[ids.exchangeTenant]?.servicePrincipals[principal(world).id]
    const { events } = await here.apply()
    const failed = events.find((event) => event.type === 'failed' && event.address === address)
    expect(failed).toMatchObject({ error: { errorCode: 'HMA134', hint: expect.stringContaining('hmaApp.tenantId') } })
  })
})

test('without it, nothing is planned, and the check of verify says what is missing', async () => {
  here = await openDeployment()
  expect(await change(here)).toBeUndefined()
})
