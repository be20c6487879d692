import { describe, expect, test } from 'vitest'
import { stepsOf } from '../../src/resources/mailboxes/steps.ts'
import type { Received, Reply } from './server.ts'
import { tenant, world } from './world.ts'

const organization = { environmentUrl: 'https://contoso.crm4.lab.localhost', tenantId: tenant }
const id = '44444444-4444-4444-4444-444444444444'
const other = '55555555-5555-5555-5555-555555555555'
const mailbox = { id, address: 'sales@contoso.com' }

const body = (request: Received | undefined): unknown => JSON.parse(request?.body ?? '')

describe('mailboxes', () => {
  test('are read with their profile; an address with a quote is no injection', async () => {
    const row = {
      ...{ mailboxid: id, emailaddress: "o'hara@contoso.com", statecode: 0, _emailserverprofile_value: other },
      ...{ emailserverprofile: { name: 'Exchange' }, incomingemaildeliverymethod: 2, actdeliverymethod: 1 },
      ...{ emailrouteraccessapproval: 1, testemailconfigurationscheduled: false, incomingemailstatus: 2, enabledforact: true },
      ...{ lastsyncerror: 'No.', testmailboxaccesscompletedon: '2026-03-01T10:00:00Z' },
    }
    const at = await world(() => ({ status: 200, body: { value: [row] } }))
    expect(await at.clients.dataverse.mailboxes(organization, ["o'hara@contoso.com"])).toMatchObject([
      {
        ...{ id, active: true, profileId: other, profileName: 'Exchange', incomingDelivery: 2, appointmentsDelivery: 1 },
        ...{ outgoingDelivery: undefined, approval: 1, testScheduled: false, testedAt: '2026-03-01T10:00:00Z' },
        ...{ incomingStatus: 2, incomingEnabled: false, appointmentsEnabled: true, lastError: 'No.' },
      },
    ])
    expect(at.asked()[0]).toContain("$filter=emailaddress eq 'o''hara@contoso.com'&")
  })

  test('have options that hma does not know: it names them by number', async () => {
    const row = { mailboxid: id, emailaddress: 'a@contoso.com', statecode: 0, emailrouteraccessapproval: 7 }
    const methods = { incomingemaildeliverymethod: 9, outgoingemaildeliverymethod: 2, actdeliverymethod: 1 }
    const at = await world(() => ({ status: 200, body: { value: [{ ...row, ...methods, somethingnew: { deep: [1] } }] } }))
    const [found] = await at.clients.dataverse.mailboxes(organization, ['a@contoso.com'])
    const desired = { address: 'a@contoso.com', approve: true, testAndEnable: false }
    const seen = { address: 'a@contoso.com', onProfile: false, approved: false, ...(found && { row: found }) }
    const steps = stepsOf(desired, seen, {}, new Date(0))
    expect(steps.map(({ difference }) => difference.from)).toEqual(['none', 'incoming option 9', 'option 7'])
  })

  test('are read in one request, or a few where they are many; through every page', async () => {
    const row = (n: number) => ({ mailboxid: `${n}`, emailaddress: `${n}@contoso.com`, statecode: 0 })
    const next = `${organization.environmentUrl}/api/data/v9.2/mailboxes?$skiptoken=2`
    const at = await world(({ path }) => ({
      status: 200,
      body: path.includes('skiptoken') ? { value: [row(2)] } : { value: [row(1)], '@odata.nextLink': next },
    }))
    const addresses = Array.from({ length: 120 }, (_, n) => `${n}@contoso.com`)
    expect(await at.clients.dataverse.mailboxes(organization, addresses)).toHaveLength(6)
    const firsts = at.asked().filter((line) => !line.includes('skiptoken'))
    expect(firsts.map((line) => line.split(' or ').length)).toEqual([50, 50, 20])
    expect(Math.max(...firsts.map((line) => line.length))).toBeLessThan(32_768)
  })

  test('are written where they exist, with the columns that are given and no other', async () => {
    const at = await world(() => ({ status: 204 }))
    await at.clients.dataverse.updateMailbox(organization, mailbox, {
      profileId: other,
      appointmentsDelivery: 1,
      testScheduled: true,
    })
    expect(at.asked()).toEqual([`PATCH /api/data/v9.2/mailboxes(${id})`])
    expect(at.server.received.at(-1)?.headers).toMatchObject({ 'if-match': '*' })
    expect(body(at.server.received.at(-1))).toEqual({
      'emailserverprofile@odata.bind': `/emailserverprofiles(${other})`,
      actdeliverymethod: 1,
      testemailconfigurationscheduled: true,
    })
  })

  test('are removed from their profile through the link; a missing one is not an error', async () => {
    const at = await world(() => ({ status: 404, body: { error: { code: '0x80040217', message: 'Does Not Exist' } } }))
    await at.clients.dataverse.detachMailbox(organization, mailbox)
    expect(at.asked()).toEqual([`DELETE /api/data/v9.2/mailboxes(${id})/emailserverprofile/$ref`])
  })
})

describe('rights', () => {
  /** An environment's answers: how far each privilege reaches, and what is allowed on each row. */
  const environment =
    (depths: Readonly<Record<string, string>>, access: Readonly<Record<string, string>> = {}) =>
    ({ path }: Received): Reply => {
      const asked = decodeURIComponent(path)
      if (asked.endsWith('/WhoAmI')) return { status: 200, body: { UserId: 'me' } }
      const privilege = /PrivilegeName='(\w+)'/.exec(asked)?.[1]
      const depth = depths[privilege ?? '']
      if (privilege !== undefined) return { status: 200, body: { RolePrivileges: depth === undefined ? [] : [{ Depth: depth }] } }
      return { status: 200, body: { AccessRights: access[/mailboxes\((.*?)\)/.exec(asked)?.[1] ?? ''] ?? 'None' } }
    }
  const all = { prvWriteEmailServerProfile: 'Global', prvApproveRejectEmailAddress: 'Basic', prvWriteMailbox: 'Global' }

  test('over all rows need no request for each row', async () => {
    const at = await world(environment(all))
    expect(await at.clients.dataverse.mailboxRights(organization, [id])).toEqual({
      writesProfiles: true,
      approves: true,
      readOnly: [],
    })
    expect(at.asked().some((line) => line.includes('RetrievePrincipalAccess'))).toBe(false)
  })

  test('over some rows are read for each row', async () => {
    const { prvApproveRejectEmailAddress: _, ...rest } = all
    const depths = { ...rest, prvWriteMailbox: 'Local' }
    const at = await world(environment(depths, { [id]: 'ReadAccess, WriteAccess', [other]: 'ReadAccess' }))
    const rights = await at.clients.dataverse.mailboxRights(organization, [id, other])
    expect(rights).toEqual({ writesProfiles: true, approves: false, readOnly: [other] })
  })

  test('are assumed where the environment does not show them', async () => {
    for (const status of [403, 404, 501]) {
      const silent = await world(() => ({ status, body: { error: { code: '', message: 'No.' } } }))
      const partly = await world((request) =>
        request.path.endsWith('/WhoAmI') ? { status: 200, body: { UserId: 'me' } } : { status, body: {} },
      )
      for (const at of [silent, partly])
        expect(await at.clients.dataverse.mailboxRights(organization, [id])).toEqual({
          ...{ writesProfiles: true, approves: true, readOnly: [] },
        })
    }
  })
})
