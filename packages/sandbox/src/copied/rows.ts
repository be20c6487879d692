import type { Azure } from '../azure.ts'
import { add } from '../dataverse/seed.ts'
import type { Cell, KeptTable, OrganizationState } from '../dataverse/state.ts'
import { sha256 } from '../directory/credentials/passwords.ts'
import { isObject, type JsonObject, same, textAt } from '../resourceManager/json.ts'
import { type Copy, type InEnvironment, standIn } from './copy.ts'
import { putEach } from './fault.ts'

/** Replaces the seeded rows with those copied from Dynamics. */
export async function putRows(azure: Azure, copy: Copy): Promise<void> {
  const organizationOf = (environmentUrl: string): OrganizationState | undefined =>
    azure.world.dataverse.organizations.find((one) => same(one.environmentUrl, environmentUrl.replace(/\/+$/, '')))
  await putEach(copy.profiles, 'profiles', ({ environmentUrl, body }) => {
    const organization = organizationOf(environmentUrl)
    if (organization) putRow(azure, organization, 'emailserverprofile', body, copy.held)
  })
  await putEach(copy.rows, 'rows', ({ environmentUrl, table, body }) => {
    const organization = organizationOf(environmentUrl)
    if (organization) putRow(azure, organization, table, body, copy.held)
  })
  for (const { environmentUrl } of copy.organizations) {
    const organization = organizationOf(environmentUrl)
    const seen = copy.mailboxes.filter((one) => same(one.environmentUrl, environmentUrl))
    if (organization) putMailboxes(organization, seen)
  }
}

/** The mailboxes that were seen; other seeded ones are removed. */
function putMailboxes({ tables }: OrganizationState, seen: readonly InEnvironment[]): void {
  for (const { id, cells: own } of Object.values(tables.mailbox)) {
    const found = seen.find(({ body }) => same(String(own.emailaddress), textAt(body, 'emailaddress') ?? ''))
    const { mailboxid: _id, ...cells } = found ? cellsIn(found.body) : {}
    if (found) Object.assign(own, cells)
    else delete tables.mailbox[id]
  }
}

const related = ['keyvaultreference', 'managedidentity'] as const

/** A row and the rows expanded with it. */
function putRow(azure: Azure, organization: OrganizationState, table: KeptTable, body: JsonObject, held: Copy['held']): void {
  const id = textAt(body, `${table}id`)
  if (id === undefined) return
  const known = organization.tables[table][id]
  if (known) Object.assign(known.cells, cellsIn(body))
  else {
    const row = add(azure, organization, table, id, cellsIn(body))
    const keyId = table === 'managedidentity' ? held[id] : undefined
    if (keyId !== undefined) row.sealed.clientsecret = sha256(standIn(keyId))
  }
  for (const other of related) {
    const inner = body[`${other}id`]
    if (isObject(inner)) putRow(azure, organization, other, inner, held)
  }
}

/** Columns by their own names: a lookup is shown as `_name_value`. */
const cellsIn = (body: JsonObject): Record<string, Cell> =>
  Object.fromEntries(
    Object.entries(body).flatMap(([name, value]): [string, Cell][] => {
      const own = /^_(.+)_value$/.exec(name)?.[1] ?? name
      const isCell = value === null || ['string', 'number', 'boolean'].includes(typeof value)
      if (name.includes('@') || !isCell || (value === null && name === own && /id$/.test(name))) return []
      return [[own, value === null || typeof value === 'boolean' || typeof value === 'number' ? value : String(value)]]
    }),
  )
