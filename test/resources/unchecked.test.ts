import { afterEach, expect, test } from 'vitest'
import { type Lab, lab } from '../support/customCloud.ts'

/** What hma may not read before it creates something: nothing fails because of it. */
let here: Lab
afterEach(() => here.leave())

const answer = (action: string, scope: string) => ({
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: {
      code: 'AuthorizationFailed',
      message: `The client 'hma' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`,
    },
  }),
})

const subscription = '/subscriptions/33333333-3333-3333-3333-333333333333'
const group = { url: '/resourceGroups/rg-mail?', action: 'Microsoft.Resources/subscriptions/resourceGroups/read' }
const name = { url: '/checkNameAvailability', action: 'Microsoft.KeyVault/checkNameAvailability/read' }

async function plan(command = 'plan') {
  const { stdout, stderr, code } = await here.hma(`${command} --json`, 'owner')
  return { stderr, code, said: JSON.parse(stdout) }
}

test('unchecked resource group and vault name are remarks that name the missing right', async () => {
  here = await lab({ copy: true })
  here.sandbox.world.resources.vaults.splice(0)
  const before = await plan()
  expect(before.said.summary.create).toBeGreaterThan(0)
  for (const { url, action } of [group, name])
    here.sandbox.faults.push({
      ...{ service: 'management', url, times: 1000, when: 'instead' },
      answer: answer(action, url === group.url ? `${subscription}/resourceGroups/rg-mail` : subscription),
    })

  const { code, said, stderr } = await plan()
  expect(code, stderr).toBe(0)
  expect(said.deployments[0].remarks).toEqual(
    expect.arrayContaining([
      {
        address: 'contoso/vault',
        severity: 'info',
        text: 'Whether the resource group rg-mail exists could not be checked: the right to read it is missing.',
        hint: `The signed-in identity needs the role Reader at ${subscription}/resourceGroups/rg-mail, for ${group.action}.`,
      },
      {
        address: 'contoso/vault',
        severity: 'info',
        text: 'Whether the vault name kv-contoso-mail is free could not be checked: the right to read it is missing.',
        hint: `The signed-in identity needs the role Key Vault Reader at ${subscription}, for ${name.action}.`,
      },
    ]),
  )
  expect(said.digest).toBe(before.said.digest)
  const { contoso } = (await plan('status')).said
  expect(contoso.remarks.filter(({ text }: { text: string }) => /could not be checked/.test(text))).toHaveLength(2)
})

test('a policy that forbids client secrets is a remark before the first one is created', async () => {
  here = await lab({ copy: true })
  for (const tenant of Object.values(here.sandbox.world.directory.tenants)) {
    tenant.policy = { isEnabled: true, passwordAddition: true }
    for (const one of Object.values(tenant.applications))
      if (one.uniqueName === 'hma-contoso-kv-app') one.passwordCredentials = []
  }
  for (const vault of Object.values(here.sandbox.world.vaults)) vault.secrets = {}
  const { said } = await plan()
  expect(said.deployments[0].remarks).toContainEqual(
    expect.objectContaining({ text: expect.stringMatching(/forbids new client secrets/) }),
  )
})
