import { AzureError, unlessAbsent } from '../errors/azureError.ts'
import type { Fields } from '../http/shape.ts'
import { literal, pages, type Send } from './call.ts'
import type { Dataverse, MailboxChange, MailboxRow, Organization } from './port.ts'

/** Field of ours → column of `mailbox` (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox). */
const columns = {
  incomingDelivery: 'incomingemaildeliverymethod',
  outgoingDelivery: 'outgoingemaildeliverymethod',
  appointmentsDelivery: 'actdeliverymethod',
  approval: 'emailrouteraccessapproval',
  testScheduled: 'testemailconfigurationscheduled',
} as const satisfies Partial<Record<keyof MailboxChange, string>>

const results = [
  'testmailboxaccesscompletedon',
  'incomingemailstatus',
  'outgoingemailstatus',
  'actstatus',
  'enabledforincomingemail',
  'enabledforoutgoingemail',
  'enabledforact',
  'lastsyncerror',
] as const

const select = ['mailboxid', 'emailaddress', 'statecode', '_emailserverprofile_value', ...Object.values(columns), ...results]

/** A URL may have 32 KB (https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors); an address 100 characters. */
const addressesInAUrl = 50

type Mailboxes = Pick<Dataverse, 'mailboxes' | 'updateMailbox' | 'detachMailbox' | 'mailboxRights'>

export const mailboxes = (send: Send): Mailboxes => ({
  async mailboxes(organization, addresses) {
    const found = await Promise.all(chunks(addresses, addressesInAUrl).map((some) => read(send, organization, some)))
    return found.flat()
  },
  async updateMailbox(organization, { id, address }, change) {
    const doing = `write the mailbox ${address}`
    await send(organization, { method: 'PATCH', path: `mailboxes(${id})`, doing, body: bodyOf(change), existing: true })
  },
  async detachMailbox(organization, { id, address }) {
    const path = `mailboxes(${id})/emailserverprofile/$ref`
    await unlessAbsent(send(organization, { method: 'DELETE', path, doing: `remove the mailbox ${address} from its profile` }))
  },
  async mailboxRights(organization, ids) {
    const user = await ifAvailable(send(organization, { method: 'GET', path: 'WhoAmI', doing: 'ask who is signed in' }))
    if (!user) return { writesProfiles: true, approves: true, readOnly: [] }
    const ask = rights(send, organization, user.string('UserId'))
    const [profiles, approval, writing] = await Promise.all(
      ['prvWriteEmailServerProfile', 'prvApproveRejectEmailAddress', 'prvWriteMailbox'].map(ask.depth),
    )
    const readOnly = writing === undefined || writing === 'Global' ? [] : await ask.readOnly(ids)
    return { writesProfiles: profiles !== 'None', approves: approval !== 'None', readOnly }
  },
})

const chunks = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

async function read(send: Send, organization: Organization, addresses: readonly string[]): Promise<MailboxRow[]> {
  const filter = encodeURIComponent(addresses.map((address) => `emailaddress eq ${literal(address)}`).join(' or '))
  const path = `mailboxes?$filter=${filter}&$select=${select.join(',')}&$expand=emailserverprofile($select=name)`
  const found = await pages((path) => send(organization, { method: 'GET', path, doing: 'read the mailboxes' }), path)
  return found.map(mailboxRow)
}

function mailboxRow(from: Fields): MailboxRow {
  return {
    id: from.string('mailboxid'),
    address: from.string('emailaddress'),
    active: from.optionalNumber('statecode') === 0,
    profileId: from.optionalString('_emailserverprofile_value'),
    profileName: from.optionalObject('emailserverprofile')?.optionalString('name'),
    incomingDelivery: from.optionalNumber(columns.incomingDelivery),
    outgoingDelivery: from.optionalNumber(columns.outgoingDelivery),
    appointmentsDelivery: from.optionalNumber(columns.appointmentsDelivery),
    approval: from.optionalNumber(columns.approval),
    testScheduled: from.optionalBoolean(columns.testScheduled) ?? false,
    testedAt: from.optionalString('testmailboxaccesscompletedon'),
    incomingStatus: from.optionalNumber('incomingemailstatus'),
    outgoingStatus: from.optionalNumber('outgoingemailstatus'),
    appointmentsStatus: from.optionalNumber('actstatus'),
    incomingEnabled: from.optionalBoolean('enabledforincomingemail') ?? false,
    outgoingEnabled: from.optionalBoolean('enabledforoutgoingemail') ?? false,
    appointmentsEnabled: from.optionalBoolean('enabledforact') ?? false,
    lastError: from.optionalString('lastsyncerror'),
  }
}

/** A column for each given field and no others: Dataverse treats every column it receives as changed. */
function bodyOf({ profileId, ...rest }: MailboxChange): Record<string, unknown> {
  const given = Object.entries(columns).filter(([field]) => Reflect.get(rest, field) !== undefined)
  return {
    ...(profileId !== undefined && { 'emailserverprofile@odata.bind': `/emailserverprofiles(${profileId})` }),
    ...Object.fromEntries(given.map(([field, column]) => [column, Reflect.get(rest, field)])),
  }
}

/** Functions that return what a Dataverse user may do (https://learn.microsoft.com/power-apps/developer/data-platform/verify-access-code). */
const rights = (send: Send, organization: Organization, userId: string) => {
  const ask = (question: string) =>
    ifAvailable(
      send(organization, {
        method: 'GET',
        path: `systemusers(${userId})/Microsoft.Dynamics.CRM.${question}`,
        doing: 'ask what the signed-in user may do',
      }),
    )
  const mayWrite = async (id: string): Promise<boolean> => {
    const target = encodeURIComponent(`{'@odata.id':'mailboxes(${id})'}`)
    const answer = await ask(`RetrievePrincipalAccess(Target=@row)?@row=${target}`)
    return answer?.optionalString('AccessRights')?.includes('WriteAccess') ?? true
  }
  return {
    /** How far the privilege reaches: `Global` for every row, `None` if no role holds it; undefined if unknown. */
    async depth(privilege: string): Promise<string | undefined> {
      const answer = await ask(`RetrieveUserPrivilegeByPrivilegeName(PrivilegeName=${literal(privilege)})`)
      const depths = answer?.objects('RolePrivileges').map((one) => one.optionalString('Depth') ?? 'Basic')
      return depths && (depths.find((depth) => depth === 'Global') ?? depths[0] ?? 'None')
    },
    async readOnly(ids: readonly string[]): Promise<string[]> {
      const answers = await Promise.all(ids.map(async (id) => ({ id, writable: await mayWrite(id) })))
      return answers.filter(({ writable }) => !writable).map(({ id }) => id)
    },
  }
}

const unavailableStatuses = [400, 403, 404, 405, 501]

/** The answer, or undefined if the environment lacks the function or refuses it to this caller. */
const ifAvailable = (answer: Promise<Fields>): Promise<Fields | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof AzureError && error.status !== undefined && unavailableStatuses.includes(error.status)) return undefined
    throw error
  })
