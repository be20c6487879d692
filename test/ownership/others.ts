import { randomUUID } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { OrganizationState, Row } from '../../packages/sandbox/src/dataverse/state.ts'
import type { Application, KeyCredential, PasswordCredential } from '../../packages/sandbox/src/directory/state.ts'
import { servedCertificate } from '../../packages/sandbox/src/keyVault/certificates/versions.ts'
import { registration } from '../support/credentials.ts'

/** Objects of other people and deployments, put straight into the world; each function returns what it made. */

export const copyUrl = 'https://contoso-test.crm4.dynamics.com'
export const profileName = 'Exchange on-premises (HMA)'

export function organization(world: World, index = 0): OrganizationState {
  const found = world.dataverse.organizations[index]
  if (!found) throw new Error(`there is no environment ${index}`)
  return found
}

export function app(world: World, role: 'kv-app' | 'hma-app'): Application {
  const found = registration(world, role)
  if (!found) throw new Error(`there is no ${role}`)
  return found
}

/** The environment, copied with every row, as the Power Platform does: the rows keep their ids, the organization gets a new one. */
export function copyEnvironment(world: World, environmentUrl = copyUrl): OrganizationState {
  const copy = { ...structuredClone(organization(world)), id: randomUUID(), environmentUrl }
  const [row] = Object.values(copy.tables.organization)
  if (row) copy.tables.organization = { [copy.id]: { ...row, id: copy.id, cells: { ...row.cells, organizationid: copy.id } } }
  world.dataverse.organizations.push(copy)
  return copy
}

export const profilesOf = ({ tables }: OrganizationState): Row[] => Object.values(tables.emailserverprofile)

/** Another profile of our profile's name, with rows of its own, before or after ours in the table. */
export function addProfile(world: World, { description, first }: { description: string | null; first: boolean }): Row {
  const { tables } = organization(world)
  const [model] = Object.values(tables.emailserverprofile)
  const [reference] = Object.values(tables.keyvaultreference)
  const [identity] = Object.values(tables.managedidentity)
  if (!model || !reference || !identity) throw new Error('there is no profile to be like')
  const rows = [
    {
      table: tables.managedidentity,
      key: 'managedidentityid',
      row: identity,
      more: { name: 'KV-App of somebody else', applicationid: randomUUID() },
    },
    { table: tables.keyvaultreference, key: 'keyvaultreferenceid', row: reference, more: { keyname: 'Other-Cert' } },
  ] as const
  const ids: string[] = []
  for (const { table, key, row, more } of rows) {
    const id = randomUUID()
    const cells = { ...row.cells, ...more, ...(key === 'keyvaultreferenceid' && { managedidentityid: ids[0] ?? null }) }
    table[id] = { ...structuredClone(row), id, cells: { ...cells, [key]: id } }
    ids.push(id)
  }
  const id = randomUUID()
  const cells = {
    ...model.cells,
    emailserverprofileid: id,
    description,
    managedidentityid: ids[0] ?? null,
    keyvaultreferenceid: ids[1] ?? null,
  }
  const made: Row = { ...structuredClone(model), id, cells }
  tables.emailserverprofile = first ? { [id]: made, ...tables.emailserverprofile } : { ...tables.emailserverprofile, [id]: made }
  return made
}

/** Our profile with an id of its own, as one that was adopted has. */
export function withOwnId(world: World): Row {
  const { tables } = organization(world)
  const [row] = Object.values(tables.emailserverprofile)
  if (!row) throw new Error('there is no profile')
  const id = randomUUID()
  const made = { ...row, id, cells: { ...row.cells, emailserverprofileid: id } }
  tables.emailserverprofile = { [id]: made }
  return made
}

/** An entry among the keys of an application that is no certificate to sign in with: of any type, use and date. */
export function addKey(application: Application, entry: Readonly<Record<string, unknown>>, first = true): KeyCredential {
  const made: KeyCredential = Object.assign(
    {
      ...{ keyId: randomUUID(), displayName: null, customKeyIdentifier: '', thumbprint: '', key: '' },
      ...{ type: 'AsymmetricX509Cert', usage: 'Verify' },
      ...{ startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2036-01-01T00:00:00Z' },
    },
    entry,
  )
  application.keyCredentials = first ? [made, ...application.keyCredentials] : [...application.keyCredentials, made]
  return made
}

/** The certificate that the vault serves, as uploaded by hand. */
export function served(world: World): Pick<KeyCredential, 'key' | 'thumbprint' | 'customKeyIdentifier'> {
  const der = servedCertificate(world, 'kv-contoso-mail', 'HMA-Cert')?.chain[0] ?? ''
  const own = app(world, 'hma-app').keyCredentials.find(({ key }) => key === der)
  if (!own) throw new Error('the certificate is not trusted')
  return { key: own.key, thumbprint: own.thumbprint, customKeyIdentifier: own.customKeyIdentifier }
}

export function addPassword(application: Application, displayName: string | null): PasswordCredential {
  const made = {
    ...{ keyId: randomUUID(), displayName, hint: 'abc', sha256: '0'.repeat(64) },
    ...{ startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2036-01-01T00:00:00Z' },
  }
  application.passwordCredentials.unshift(made)
  return made
}
