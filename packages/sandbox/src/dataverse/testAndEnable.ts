import { randomUUID } from 'node:crypto'
import type { Azure } from '../azure.ts'
import { mailboxAnswer } from '../exchange/mailboxAnswer.ts'
import { breaks } from './chain.ts'
import { profileInUse } from './profileRows.ts'
import { nextVersion, type Scope } from './scope.ts'
import type { Cell, OrganizationState, Row } from './state.ts'
import type { Table } from './tables.ts'
import { instant } from './values.ts'

/** Test & Enable begins when `testemailconfigurationscheduled` is set on a mailbox. */
export function schedule(scope: Scope, table: Table, row: Row): void {
  if (table.name !== 'mailbox') return
  if (row.cells.testemailconfigurationscheduled !== true) {
    delete scope.organization.dueTests[row.id]
    return
  }
  if (scope.organization.dueTests[row.id] !== undefined) return
  const now = scope.azure.now()
  scope.organization.dueTests[row.id] = new Date(now.getTime() + scope.azure.settings.mailboxTest).toISOString()
  row.cells.testandenablelastattemptedon = instant(now)
  row.cells.testandenablelastattemptedby = scope.user.id
}

/** Finishes the tests that are due and writes their results. */
export function finishTests(azure: Azure, organization: OrganizationState): void {
  const now = azure.now().getTime()
  for (const [id, due] of Object.entries(organization.dueTests)) {
    if (Date.parse(due) > now) continue
    delete organization.dueTests[id]
    const mailbox = organization.tables.mailbox[id]
    if (mailbox !== undefined) finish(organization, mailbox, new Date(due), failure(azure, organization, mailbox, new Date(due)))
  }
}

/**
 * Synchronization runs all the time. A mailbox for which Exchange answers 401 is disabled at once
 * (https://learn.microsoft.com/troubleshoot/power-platform/dataverse/email-exchange-synchronization/troubleshooting-monitoring-server-side-synchronization).
 */
export function synchronize(azure: Azure, organization: OrganizationState): void {
  const now = azure.now()
  for (const mailbox of Object.values(organization.tables.mailbox)) {
    const running = kinds.filter(({ method, onServer, enabled }) => mailbox.cells[method] === onServer && mailbox.cells[enabled])
    const problem = running.length > 0 ? failure(azure, organization, mailbox, now) : undefined
    if (!problem?.startsWith(refusal)) continue
    for (const { status, enabled } of running) Object.assign(mailbox.cells, { [status]: 2, [enabled]: false })
    disable(organization, mailbox, now, problem)
  }
}

/** Why the mailbox cannot be synchronized; undefined if it can. */
function failure({ world, settings }: Azure, organization: OrganizationState, mailbox: Row, now: Date): string | undefined {
  if (!isApproved(organization, mailbox))
    return 'The email address of the mailbox is not approved and the mailbox has been disabled.'
  const profile = organization.tables.emailserverprofile[String(mailbox.cells.emailserverprofile)]
  if (profile === undefined) return 'The mailbox has no email server profile.'
  const used = profileInUse(organization, profile, settings)
  if ('missing' in used) return `Email Server Error Code: InvalidEmailServerProfileConfiguration. In detail: ${used.missing}.`
  const broken = breaks(world, used, now)[0]
  if (broken !== undefined) return unauthorized(broken.detail)
  const answer = mailboxAnswer(world, used, String(mailbox.cells.emailaddress))
  return answer === undefined ? undefined : answer.status === 401 ? unauthorized(answer.detail) : answer.detail
}

const refusal = 'Email Server Error Code: Http server returned 401 Unauthorized exception.'
const unauthorized = (detail: string): string => `${refusal} ${detail}`

function isApproved(organization: OrganizationState, mailbox: Row): boolean {
  const settings = organization.tables.organization[organization.id]
  return settings?.cells.requireapprovalforuseremail === false || mailbox.cells.emailrouteraccessapproval === 1
}

/** Only what is synchronized on the server is tested: delivery method 2 for mail, 1 for appointments, contacts and tasks. */
const kinds = [
  { method: 'incomingemaildeliverymethod', onServer: 2, status: 'incomingemailstatus', enabled: 'enabledforincomingemail' },
  { method: 'outgoingemaildeliverymethod', onServer: 2, status: 'outgoingemailstatus', enabled: 'enabledforoutgoingemail' },
  { method: 'actdeliverymethod', onServer: 1, status: 'actstatus', enabled: 'enabledforact' },
] as const

function finish(organization: OrganizationState, mailbox: Row, at: Date, problem: string | undefined): void {
  const works = problem === undefined
  const tested = kinds.filter(({ method, onServer }) => mailbox.cells[method] === onServer)
  for (const { status, enabled } of tested) Object.assign(mailbox.cells, { [status]: works ? 1 : 2, [enabled]: works })
  Object.assign(mailbox.cells, {
    testemailconfigurationscheduled: false,
    testmailboxaccesscompletedon: instant(at),
    mailboxstatus: tested.length === 0 ? 0 : works ? 1 : 2,
    lastsyncerror: problem ?? null,
    lastsyncerroroccurredon: works ? null : instant(at),
  } satisfies Record<string, Cell>)
  mailbox.version = nextVersion(organization)
  alert(organization, mailbox, at, problem)
}

function disable(organization: OrganizationState, mailbox: Row, at: Date, problem: string): void {
  Object.assign(mailbox.cells, { mailboxstatus: 2, lastsyncerror: problem, lastsyncerroroccurredon: instant(at) })
  mailbox.version = nextVersion(organization)
  alert(organization, mailbox, at, problem)
}

function alert(organization: OrganizationState, mailbox: Row, at: Date, problem: string | undefined): void {
  const name = String(mailbox.cells.name)
  const text =
    problem === undefined
      ? `The mailbox ${name} has been tested and enabled.`
      : `Email cannot be received or sent for the mailbox ${name}. ${problem}`
  const id = randomUUID()
  const cells: Record<string, Cell> = {
    tracelogid: id,
    level: problem === undefined ? 1 : 3,
    text: text.slice(0, 2000),
    errordetails: problem?.slice(0, 2048) ?? null,
    tracecode: problem === undefined ? 0 : 65,
    tracestatus: problem === undefined,
    regardingobjectid: mailbox.id,
    regardingobjectownerid: mailbox.cells.ownerid ?? null,
    organizationid: organization.id,
    createdon: instant(at),
    modifiedon: instant(at),
    canbedeleted: true,
    isunique: false,
  }
  organization.tables.tracelog[id] = { id, version: nextVersion(organization), cells, sealed: {} }
}
