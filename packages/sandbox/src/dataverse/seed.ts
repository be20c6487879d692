import { randomUUID } from 'node:crypto'
import type { Azure, Seed, SeededPrincipal } from '../azure.ts'
import { type Cell, type KeptTable, noTables, type OrganizationState, type Row } from './state.ts'
import { tables } from './tables.ts'
import { instant } from './values.ts'

/** The environments that the deployments name, with an application user for each principal of their tenant, and their mailboxes. */
export function seed(azure: Azure, seed: Seed, principals: readonly SeededPrincipal[]): void {
  for (const { dynamics, exchange } of seed.deployments) {
    if (dynamics === undefined) continue
    const organization = organizationOf(azure, seed.hosts.login, dynamics)
    for (const principal of principals.filter(({ tenantId }) => tenantId.toLowerCase() === organization.tenantId))
      once(azure, `dataverse/${organization.id}/user/${principal.clientId}`, () =>
        applicationUser(azure, organization, principal),
      )
    const addresses = [...dynamics.mailboxes, ...(exchange.testMailbox === undefined ? [] : [exchange.testMailbox])]
    for (const address of new Set(addresses.map((each) => each.toLowerCase())))
      once(azure, `dataverse/${organization.id}/mailbox/${address}`, () => userWithMailbox(azure, organization, address))
  }
}

function once(azure: Azure, mark: string, make: () => void): void {
  if (azure.world.seeded.includes(mark)) return
  make()
  azure.world.seeded.push(mark)
}

function organizationOf(
  azure: Azure,
  login: string,
  dynamics: NonNullable<Seed['deployments'][number]['dynamics']>,
): OrganizationState {
  const environmentUrl = dynamics.environmentUrl.replace(/\/+$/, '')
  const known = azure.world.dataverse.organizations.find((each) => each.environmentUrl === environmentUrl)
  if (known !== undefined) return known
  const organization: OrganizationState = {
    id: dynamics.organizationId ?? randomUUID(),
    tenantId: dynamics.tenantId.toLowerCase(),
    environmentUrl,
    authorityHost: `https://${login}`,
    businessUnitId: randomUUID(),
    nextVersion: 1_000_000,
    tables: noTables(),
    roles: {},
    dueTests: {},
    proven: [],
  }
  azure.world.dataverse.organizations.push(organization)
  const name = new URL(environmentUrl).hostname.split('.')[0] ?? 'org'
  add(azure, organization, 'organization', organization.id, { name, languagecode: 1033 })
  add(azure, organization, 'businessunit', organization.businessUnitId, { name, organizationid: organization.id })
  return organization
}

function applicationUser(azure: Azure, organization: OrganizationState, principal: SeededPrincipal): void {
  const row = add(azure, organization, 'systemuser', randomUUID(), {
    applicationid: principal.clientId.toLowerCase(),
    azureactivedirectoryobjectid: principal.objectId.toLowerCase(),
    fullname: `# sandbox ${principal.rights}`,
    firstname: '#',
    lastname: `sandbox ${principal.rights}`,
    domainname: `${principal.clientId}@sandbox.localhost`,
    accessmode: 4,
    businessunitid: organization.businessUnitId,
  })
  organization.roles[row.id] = principal.rights === 'owner' ? 'administrator' : 'reader'
}

/** A user with a mailbox that is not synchronized yet, as Dynamics creates one for every user. */
function userWithMailbox(azure: Azure, organization: OrganizationState, address: string): void {
  const [name = address] = address.split('@')
  const user = add(azure, organization, 'systemuser', randomUUID(), {
    fullname: name,
    lastname: name,
    domainname: address,
    internalemailaddress: address,
    islicensed: true,
    businessunitid: organization.businessUnitId,
  })
  const mailbox = add(azure, organization, 'mailbox', randomUUID(), {
    name,
    emailaddress: address,
    regardingobjectid: user.id,
    ownerid: user.id,
    owninguser: user.id,
    incomingemaildeliverymethod: 0,
    outgoingemaildeliverymethod: 0,
    actdeliverymethod: 2,
    outgoingemailstatus: 0,
    enabledforact: false,
    enabledforincomingemail: false,
    enabledforoutgoingemail: false,
    isforwardmailbox: false,
    testemailconfigurationretrycount: 0,
  })
  user.cells.defaultmailbox = mailbox.id
}

/** A new row, with what the platform fills in. */
export function add(
  azure: Azure,
  organization: OrganizationState,
  name: KeptTable,
  id: string,
  given: Record<string, Cell>,
): Row {
  const table = tables[name]
  const initial = Object.fromEntries([...table.columns.values()].map((column): [string, Cell] => [column.name, column.initial]))
  const at = instant(azure.now())
  const platform: Record<string, Cell> = {
    [table.key]: id,
    createdon: at,
    modifiedon: at,
    statecode: 0,
    statuscode: 1,
    organizationid: organization.id,
    owningbusinessunit: organization.businessUnitId,
  }
  const own = Object.fromEntries(Object.entries(platform).filter(([column]) => table.columns.has(column)))
  organization.nextVersion += 1
  const row: Row = { id, version: organization.nextVersion, cells: { ...initial, ...own, ...given }, sealed: {} }
  organization.tables[name][id] = row
  return row
}
