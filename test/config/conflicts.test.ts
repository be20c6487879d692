import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let place: Workplace
const appId = '44444444-4444-4444-4444-444444444444'
const one = { keyVaultAppId: appId, mailboxes: ['sales@contoso.com'] }
beforeEach(async () => {
  place = await workplace(yaml(one))
})
afterEach(() => place.leave())

async function validated(text: string): Promise<{ code: number; said: string }> {
  await writeFile(join(place.directory, 'other.yaml'), text)
  const { code, stdout } = await place.hma('validate -f hma.config.yaml -f other.yaml')
  return { code, said: stdout.replaceAll(/\s+/g, ' ') }
}

const other = { name: 'fabrikam' }
const profile = (text: string): string => text.replace('name: Exchange on-premises (HMA)', 'name: Another profile')

test.each([
  [
    'mailbox',
    profile(yaml({ ...other, mailboxes: ['{ address: Sales@contoso.com }'] })),
    /warning Another deployment puts this mailbox on its profile: hma\.config\.yaml:\d+/,
  ],
  [
    'registration',
    profile(yaml({ ...other, keyVaultAppId: appId })),
    /warning Another deployment names the same registration: hma\.config\.yaml:\d+/,
  ],
])('two deployments that claim the same %s: a warning at both places, and both are valid', async (_what, text, says) => {
  const { code, said } = await validated(text)
  expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(says) })
  expect(said).toContain('2 deployments in 2 files are valid')
})

test('the same profile, or the same certificate in the vault, is an error', async () => {
  expect(await validated(yaml(other))).toMatchObject({ code: 1, said: expect.stringContaining('a profile of this name') })
  expect(await validated(profile(yaml({ ...other, vault: 'kv-contoso-mail' })))).toMatchObject({
    code: 1,
    said: expect.stringContaining('in the same vault'),
  })
})

test('similar values are not a conflict', async () => {
  const elsewhere = yaml({ ...other, mailboxes: ['sales@contoso.com'], environmentUrl: 'https://fabrikam.crm4.dynamics.com' })
  const { code, said } = await validated(elsewhere)
  expect({ code, said }).toEqual({ code: 0, said: expect.not.stringContaining('Another deployment') })
})
