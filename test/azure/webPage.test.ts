import { describe, expect, test } from 'vitest'
import { login, tenant, world } from './world.ts'

const page = '<!DOCTYPE html>\n<html><head><title>\n  Access denied - Contoso\n</title></head><body>Blocked</body></html>'
const id = { subscriptionId: '33333333-3333-3333-3333-333333333333', resourceGroup: 'rg-mail', name: 'kv-contoso' }
const blamed = {
  errorCode: 'HMA507',
  message: expect.stringContaining('a web page, "Access denied - Contoso"'),
  isMissingRight: false,
}

describe.each([200, 403, 404])('a page of a proxy in place of an answer, with the status %i', (status) => {
  test('is reported as such, and not as a refusal of the service', async () => {
    const { clients } = await world(() => ({ status, body: page }))
    await expect(clients.directory.applicationsNamed(tenant, 'x')).rejects.toMatchObject(blamed)
    await expect(clients.resourceManager.vault(tenant, id)).rejects.toMatchObject(blamed)
  })

  test.each(['GET', 'POST'])('also at sign-in, for a %s', async (method) => {
    const { clients } = await world(() => ({ status: 200, body: { value: [] } }), {
      login: (request, count) => (request.method === method ? { status, body: page } : login(request, count)),
    })
    await expect(clients.directory.applicationsNamed(tenant, 'x')).rejects.toMatchObject(blamed)
  })
})

test.each([429, 503])('an authority that answers %i does not say that there is no such tenant', async (status) => {
  const { clients } = await world(() => ({ status: 200, body: { value: [] } }), { login: () => ({ status, body: '' }) })
  await expect(clients.directory.applicationsNamed(tenant, 'x')).rejects.toMatchObject({
    message: expect.stringContaining(`answered ${status}`),
  })
})
