import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Settings, World } from '../../packages/sandbox/src/azure.ts'
import { machineTimer } from '../../src/azure/http/timer.ts'
import { HmaError } from '../../src/core/errors.ts'
import type { Check } from '../../src/core/kind.ts'
import type { Change } from '../../src/core/plan.ts'
import { mailboxChecks } from '../../src/resources/mailboxes/checks.ts'
import type { Mailbox } from '../../src/resources/mailboxes/model.ts'
import type { Applied, OpenDeployment, Variant } from '../support/deployment.ts'
import { openDeployment } from '../support/deployment.ts'
import { killable } from '../support/killedRun.ts'

const [sales, info] = ['sales@contoso.com', 'info@contoso.com']

let whole: World
let open: OpenDeployment | undefined

/** Everything but the mailboxes, applied once for all tests. */
beforeAll(async () => {
  const first = await openDeployment({})
  await first.apply()
  whole = structuredClone(first.sandbox.world)
  await first.close()
})
afterEach(async () => {
  await open?.close()
  open = undefined
})

/** A deployment that lacks nothing but its mailboxes. */
async function begin(variant: Variant = {}, settings: Partial<Settings> = {}): Promise<OpenDeployment> {
  open = await openDeployment({ mailboxes: [sales, info], ...variant }, { mailboxTest: 20, ...settings }, structuredClone(whole))
  return open
}

const organization = (here: OpenDeployment) => {
  const [found] = here.sandbox.world.dataverse.organizations
  if (!found) throw new Error('no organization')
  return found
}
const server = (here: OpenDeployment) => {
  const [found] = here.sandbox.world.exchange.servers
  if (!found) throw new Error('no Exchange')
  return found
}
const rowOf = (here: OpenDeployment, address: string) => {
  const found = Object.values(organization(here).tables.mailbox).find(({ cells }) => cells.emailaddress === address)
  if (!found) throw new Error(`no mailbox ${address}`)
  return found
}
const profileOf = (here: OpenDeployment) => {
  const [found] = Object.values(organization(here).tables.emailserverprofile)
  if (!found) throw new Error('no profile')
  return found
}
/** A copy of a row, as made in the portal. */
function copyOf<Row extends { id: string; cells: object }>(rows: Record<string, Row>, row: Row, cells: object): string {
  const id = crypto.randomUUID()
  const same = Object.entries(row.cells).map(([name, cell]) => [name, cell === row.id ? id : cell])
  rows[id] = { ...structuredClone(row), id, cells: { ...Object.fromEntries(same), ...cells } }
  return id
}

const change = (changes: readonly Change[]): Change => {
  const found = changes.find(({ kind }) => kind === 'mailboxes')
  if (!found) throw new Error('no mailboxes in the plan')
  return found
}
const fields = (changes: readonly Change[]) => change(changes).differences.map(({ field, from }) => [field, from])
const todo = (changes: readonly Change[]) =>
  changes.filter(({ action }) => action !== 'none').map(({ kind, action }) => [kind, action])
const patches = ({ writes }: Pick<Applied, 'writes'>) => writes.filter(({ url }) => url.includes('/mailboxes('))
const failure = ({ events }: Applied) => events.flatMap((event) => (event.type === 'failed' ? [event.error] : []))[0]
const skips = ({ events }: Applied) => events.filter((event) => event.type === 'skipped')

/** Done: an empty plan and nothing to write. */
async function settled(here: OpenDeployment): Promise<void> {
  const again = await here.apply()
  expect(todo(again.changes)).toEqual([])
  expect(again.writes).toEqual([])
}

const enabled = {
  incomingemailstatus: 1,
  outgoingemailstatus: 1,
  actstatus: 1,
  enabledforincomingemail: true,
  enabledforoutgoingemail: true,
  enabledforact: true,
  emailrouteraccessapproval: 1,
}

describe('mailboxes are put on the profile, approved, tested and enabled', () => {
  test('from nothing, last of all', async () => {
    open = await openDeployment({ mailboxes: [sales] }, { mailboxTest: 20 })
    const { changes, events } = await open.apply()
    expect(change(changes).differences.at(-1)).toEqual({
      field: 'profileId',
      to: { $ref: 'contoso/emailServerProfile', field: 'id' },
    })
    expect(events.at(-1)).toMatchObject({ type: 'done', address: 'contoso/mailboxes' })
    expect(rowOf(open, sales).cells).toMatchObject({ ...enabled, emailserverprofile: profileOf(open).id })
    await settled(open)
  })

  test('each by one write', async () => {
    const here = await begin()
    const applied = await here.apply()
    expect(todo(applied.changes)).toEqual([['mailboxes', 'update']])
    expect(fields(applied.changes)).toEqual(
      [sales, info].flatMap((address) => [
        [`${address}: profile`, 'none'],
        [`${address}: delivery`, 'none'],
        [`${address}: approval`, 'none'],
        [`${address}: test`, 'never'],
      ]),
    )
    expect(patches(applied)).toHaveLength(2)
    for (const address of [sales, info]) expect(rowOf(here, address).cells).toMatchObject(enabled)
    await settled(here)
  })

  test('and then seen in one request, with no question about rights', async () => {
    const here = await begin()
    await here.apply()
    const before = here.sandbox.log.length
    await here.plan()
    const asked = here.sandbox.log.slice(before).filter(({ service }) => service === 'dataverse')
    expect(asked.filter(({ url }) => url.includes('/mailboxes'))).toHaveLength(1)
    expect(asked.filter(({ url }) => /Retrieve/.test(url))).toEqual([])
  })

  test('only as far as the configuration says', async () => {
    const here = await begin({ mailboxes: [`{address: ${sales}, approve: false, testAndEnable: false}`] })
    const { changes } = await here.apply()
    expect(fields(changes).map(([field]) => field)).toEqual([`${sales}: profile`, `${sales}: delivery`])
    expect(rowOf(here, sales).cells).toMatchObject({
      emailrouteraccessapproval: 0,
      testmailboxaccesscompletedon: null,
      actdeliverymethod: 1,
    })
    await settled(here)
  })

  test('whatever the case of the address in Dynamics, and next to an inactive mailbox with the same address', async () => {
    const here = await begin({ mailboxes: [sales] })
    const { mailbox } = organization(here).tables
    const row = rowOf(here, sales)
    copyOf(mailbox, row, { statecode: 1 })
    row.cells.emailaddress = 'Sales@Contoso.com'
    await here.apply()
    expect(row.cells).toMatchObject(enabled)
    await settled(here)
  })

  test('away from another profile, and tested although they had passed there', async () => {
    const here = await begin({ mailboxes: [sales] })
    await here.apply()
    const { emailserverprofile } = organization(here).tables
    const row = rowOf(here, sales)
    row.cells.emailserverprofile = copyOf(emailserverprofile, profileOf(here), { name: 'Exchange Online', description: null })
    const tested = row.cells.testmailboxaccesscompletedon
    here.sandbox.advance(3 * 86_400_000)
    const applied = await here.apply()
    expect(change(applied.changes).differences).toEqual([
      { field: `${sales}: profile`, from: 'Exchange Online', to: 'Exchange on-premises (HMA)' },
      { field: `${sales}: test`, from: 'outdated', to: 'passed', why: 'tested 3 days ago with another profile' },
    ])
    expect(row.cells.testmailboxaccesscompletedon).not.toBe(tested)
    await settled(here)
  })

  test('and stay enabled while certificate and secret are renewed: Dynamics never meets a 401', async () => {
    const here = await begin()
    await here.apply()
    for (const days of [170, 170, 8]) {
      here.sandbox.advance(days * 86_400_000)
      const applied = await here.apply()
      expect(failure(applied)).toBeUndefined()
      expect(patches(applied)).toEqual([])
      for (const address of [sales, info]) expect(rowOf(here, address).cells).toMatchObject(enabled)
    }
    await settled(here)
    expect(here.sandbox.violations).toEqual([])
  })

  test('by the next process, where one died before or after its write', async () => {
    for (const what of ['killed before', 'killed after'] as const)
      for (const write of [0, 1]) {
        const here = await begin()
        const { wire } = killable({ write, what })
        await (await here.process(wire)).apply()
        const next = await here.process()
        await next.apply()
        for (const address of [sales, info]) expect(rowOf(here, address).cells).toMatchObject(enabled)
        await settled(next)
        await here.close()
      }
  })

  test('and waits for a test that is already under way', async () => {
    const here = await begin({ mailboxes: [sales] })
    await here.apply()
    const row = rowOf(here, sales)
    row.cells.testemailconfigurationscheduled = true
    organization(here).dueTests[row.id] = new Date(here.sandbox.now().getTime() + 2000).toISOString()
    const applied = await here.apply()
    expect(change(applied.changes).differences).toMatchObject([{ field: `${sales}: test`, why: `${sales} is being tested` }])
    expect(applied.writes).toEqual([])
    expect(applied.events.at(-1)).toMatchObject({ type: 'done' })
    expect(row.cells.testemailconfigurationscheduled).toBe(false)
  })
})

describe('manual actions wait and block nothing else', () => {
  const spoiled: readonly [string, (here: OpenDeployment) => void, RegExp][] = [
    [
      'an address that nobody has',
      (here) => void delete organization(here).tables.mailbox[rowOf(here, sales).id],
      /^No mailbox with the address sales@contoso.com in Dynamics/,
    ],
    [
      'an address that two have',
      (here) => void copyOf(organization(here).tables.mailbox, rowOf(here, sales), {}),
      /^Several mailboxes have the address sales@contoso.com/,
    ],
    [
      'a mailbox that is inactive',
      (here) => void (rowOf(here, sales).cells.statecode = 1),
      /^The mailbox sales@contoso.com is inactive/,
    ],
  ]
  test.each(spoiled)('%s', async (_what, spoil, said) => {
    const here = await begin()
    spoil(here)
    profileOf(here).cells.incomingportnumber = 444
    const applied = await here.apply()
    expect(todo(applied.changes)).toEqual([
      ['emailServerProfile', 'update'],
      ['mailboxes', 'manual'],
    ])
    expect(change(applied.changes)).toMatchObject({ reason: 'waiting', instructions: expect.stringMatching(said) })
    expect(skips(applied)).toMatchObject([{ address: 'contoso/mailboxes', waiting: true, because: expect.stringMatching(said) }])
    expect(patches(applied)).toEqual([])
    expect(profileOf(here).cells.incomingportnumber).toBe(443)
  })

  test('all of them are reported at once', async () => {
    const here = await begin()
    organization(here).tables.mailbox = {}
    expect(change(await here.plan()).instructions).toMatch(/sales@contoso.com.* info@contoso.com/)
  })
})

describe('a test that fails', () => {
  /** Exchange trusts another tenant: EWS answers 401. */
  const distrust = (here: OpenDeployment) => void (server(here).trustedTenantId = '99999999-9999-9999-9999-999999999999')

  test('is reported in Dynamics’ words and not repeated in this run; the next run tries again', async () => {
    const here = await begin({ mailboxes: [sales] })
    const trusted = server(here).trustedTenantId
    distrust(here)
    for (const from of ['never', 'failed']) {
      const applied = await (await here.process()).apply()
      expect(fields(applied.changes)).toContainEqual([`${sales}: test`, from])
      expect(patches(applied)).toHaveLength(1)
      expect(failure(applied)).toMatchObject({
        message: expect.stringMatching(
          /^Test & Enable failed for sales@contoso.com: incoming failure, .*401 Unauthorized.*does not trust the tenant/,
        ),
        hint: expect.stringContaining('hma verify'),
      })
      expect(rowOf(here, sales).cells).toMatchObject({ enabledforincomingemail: false })
      here.sandbox.advance(60_000)
    }
    server(here).trustedTenantId = trusted
    expect(patches(await here.apply())).toHaveLength(1)
    expect(rowOf(here, sales).cells).toMatchObject(enabled)
    await settled(here)
  })

  test('does not hold up the others', async () => {
    const here = await begin()
    server(here).outOfScope.push(info)
    const applied = await here.apply()
    expect(patches(applied)).toHaveLength(2)
    expect(failure(applied)).toMatchObject({
      message: expect.stringMatching(/^Test & Enable failed for info@contoso.com: .*impersonate[^;]*$/),
    })
    expect(rowOf(here, sales).cells).toMatchObject(enabled)
  })

  test('on a later day, when Dynamics disables a mailbox that worked: it is tested again', async () => {
    const here = await begin({ mailboxes: [sales] })
    await here.apply()
    const trusted = server(here).trustedTenantId
    distrust(here)
    await here.plan()
    server(here).trustedTenantId = trusted
    here.sandbox.advance(60_000)
    const applied = await here.apply()
    expect(change(applied.changes).differences).toMatchObject([
      { field: `${sales}: test`, from: 'failed', why: expect.stringContaining('401') },
    ])
    expect(rowOf(here, sales).cells).toMatchObject(enabled)
    await settled(here)
  })

  test('unless it was disabled by hand, which is reported, too', async () => {
    const here = await begin({ mailboxes: [sales] })
    await here.apply()
    rowOf(here, sales).cells.enabledforact = false
    expect(fields(await here.plan())).toEqual([[`${sales}: test`, 'disabled']])
    await here.apply()
    await settled(here)
  })
})

describe('before sign-in is proven', () => {
  const broken: Check = { name: 'vaultRead', status: 'failed', detail: 'KV-App may not get secrets.', hint: 'Give it the role.' }
  const fine: Check = { name: 'inbox', status: 'passed', detail: 'It opened.' }

  test('no mailbox is touched, and the step that fails is named', async () => {
    const here = await begin({ prove: async () => [fine, broken] })
    const applied = await here.apply()
    expect(patches(applied)).toEqual([])
    expect(failure(applied)).toMatchObject({
      message: expect.stringMatching(
        /^hma does not put mailboxes on the profile or test them before sign-in is proven. vaultRead: KV-App may not get secrets/,
      ),
      hint: 'Give it the role.',
    })
  })

  test('nor where no step of the proof could be tried', async () => {
    const here = await begin({ prove: async () => [{ ...fine, status: 'skipped' }] })
    const applied = await here.apply()
    expect(patches(applied)).toEqual([])
    expect(failure(applied)).toMatchObject({ message: expect.stringContaining('no step of it could be tried') })
  })

  test('hma polls again for a while, because new rights take time to become effective', async () => {
    let proofs = 0
    const here = await begin({ prove: async () => (++proofs < 3 ? [broken] : [fine]) })
    await here.apply()
    expect(proofs).toBe(3)
    expect(rowOf(here, sales).cells).toMatchObject(enabled)
  })

  test('sign-in is not proven if nothing needs it: only an approval, or no change', async () => {
    let proofs = 0
    const counted = async () => {
      proofs++
      return [fine]
    }
    const here = await begin({ mailboxes: [sales], prove: counted })
    await here.apply()
    rowOf(here, sales).cells.emailrouteraccessapproval = 3
    const applied = await here.apply()
    expect(fields(applied.changes)).toEqual([[`${sales}: approval`, 'rejected']])
    await settled(here)
    expect(proofs).toBe(1)
  })
})

describe('a test that Dynamics does not run', () => {
  const fine: Check = { name: 'inbox', status: 'passed', detail: 'It opened.' }
  const broken: Check = { name: 'vaultRead', status: 'failed', detail: 'KV-App may not get secrets.', hint: 'Give it the role.' }
  const pace = { timer: machineTimer, resourceMs: 900, refusedMs: 100, delay: () => 30 }

  /** The messages while waiting and at the end; the proof changes once the test has been requested. */
  async function waited(later: readonly Check[]): Promise<string[]> {
    let proofs = 0
    const prove = async () => (proofs++ === 0 ? [fine] : later)
    open = await openDeployment({ mailboxes: [sales], prove }, { mailboxTest: 3_600_000 }, structuredClone(whole), { pace })
    const { events } = await open.apply()
    const notes = events.flatMap((event) => (event.type === 'note' ? [event.message] : [])).slice(1)
    const failed = events.find((event) => event.type === 'failed')
    expect(proofs).toBe(2)
    return [...notes, failed?.type === 'failed' && failed.error instanceof HmaError ? (failed.error.hint ?? '') : '']
  }

  test('is blamed on the environment only if sign-in works, which is proven again', async () => {
    const [note, hint] = await waited([fine])
    expect(note).toMatch(
      /^sales@contoso.com is being tested. Sign-in to Exchange works.*administration mode.*background operations/,
    )
    expect(hint).toMatch(/administration mode/)
  })

  test.each([
    ['the step that fails now, with its remedy', [fine, broken], /vaultRead: KV-App may not get secrets. Give it the role/],
    ['that nothing could be proven', [], /cannot prove sign-in/],
  ])('otherwise the advice is %s', async (_what, later, advice) => {
    for (const text of await waited(later)) {
      expect(text).toMatch(advice)
      expect(text).not.toMatch(/administration mode/)
    }
  })
})

describe('a right that is missing in Dynamics', () => {
  const tables = ['EmailServerProfile', 'KeyVaultReference', 'ManagedIdentity', 'Mailbox', 'User']
  const actions = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo']
  const everything = [
    'prvApproveRejectEmailAddress',
    ...tables.flatMap((table) => actions.map((action) => `prv${action}${table}`)),
  ]
  /** The application user of hma gets a role without this privilege. */
  function without(here: OpenDeployment, privilege: string): void {
    const { roles } = organization(here)
    for (const [user, role] of Object.entries(roles))
      if (role === 'administrator') roles[user] = everything.filter((one) => one !== privilege)
  }

  const cases: readonly [string, RegExp][] = [
    [
      'prvWriteMailbox',
      /may not write sales@contoso.com, info@contoso.com: give it a security role with .*prvWriteMailbox.*Email, Mailboxes/,
    ],
    [
      'prvApproveRejectEmailAddress',
      /may not approve sales@contoso.com, info@contoso.com: .*prvApproveRejectEmailAddress.*Approve Email/,
    ],
  ]
  test.each(cases)('%s: the plan says who does what', async (privilege, said) => {
    const here = await begin()
    without(here, privilege)
    const applied = await here.apply()
    expect(change(applied.changes)).toMatchObject({
      action: 'manual',
      reason: 'waiting',
      instructions: expect.stringMatching(said),
    })
    expect(skips(applied)).toMatchObject([{ waiting: true, because: expect.stringMatching(said) }])
    expect(patches(applied)).toEqual([])
  })

  test('is not missed where it is not needed', async () => {
    const here = await begin({ mailboxes: [`{address: ${sales}, approve: false}`] })
    without(here, 'prvApproveRejectEmailAddress')
    rowOf(here, sales).cells.emailrouteraccessapproval = 1
    await here.apply()
    expect(rowOf(here, sales).cells).toMatchObject(enabled)
  })

  test('is not shown to an identity that only plans, because another one applies the plan', async () => {
    const here = await begin()
    const reviewed = change(await (await here.with({ mailboxes: [sales, info] }, 'reader')).plan())
    expect(reviewed).toEqual(change(await here.plan()))
  })

  test('is assumed if the environment does not say', async () => {
    const here = await begin({ mailboxes: [sales] })
    const answer = {
      status: 404,
      body: JSON.stringify({ error: { code: '0x8006088a', message: 'Resource not found for the segment' } }),
    }
    here.sandbox.faults.push({ service: 'dataverse', url: 'Microsoft.Dynamics.CRM.', times: 1000, when: 'instead', answer })
    expect(change(await here.plan()).action).toBe('update')
    await here.apply()
    expect(rowOf(here, sales).cells).toMatchObject(enabled)
  })

  test.each([true, false])(
    'whether or not an application user may approve at all (%s), which nobody knows beforehand',
    async (may) => {
      const here = await begin({ mailboxes: [sales] }, { applicationsApprove: may })
      const applied = await here.apply()
      expect(change(applied.changes).action).toBe('update')
      if (may) return expect(rowOf(here, sales).cells).toMatchObject(enabled)
      expect(failure(applied)).toMatchObject({
        message: expect.stringMatching(/Could not write the mailbox sales@contoso.com: .*403/),
        hint: expect.stringMatching(/may not approve sales@contoso.com.*Approve Email.*approve: false/),
      })
      expect(rowOf(here, sales).cells).toMatchObject({ emailserverprofile: null, incomingemaildeliverymethod: 0 })
      rowOf(here, sales).cells.emailrouteraccessapproval = 1
      await here.apply()
      expect(rowOf(here, sales).cells).toMatchObject(enabled)
    },
  )
})

describe('destroy', () => {
  test('takes the mailboxes off our profile, and leaves those on others, and what was approved', async () => {
    const here = await begin()
    await here.apply()
    const { emailserverprofile } = organization(here).tables
    const other = copyOf(emailserverprofile, profileOf(here), { name: 'Another', description: null })
    rowOf(here, info).cells.emailserverprofile = other
    const applied = await here.apply({ remove: true })
    expect(failure(applied)).toBeUndefined()
    expect(todo(applied.changes)[0]).toEqual(['mailboxes', 'remove'])
    expect(patches(applied)).toMatchObject([{ method: 'DELETE', url: expect.stringMatching(/emailserverprofile\/\$ref$/) }])
    expect(rowOf(here, sales).cells).toMatchObject({ emailserverprofile: null, emailrouteraccessapproval: 1 })
    expect(rowOf(here, info).cells.emailserverprofile).toBe(other)
  })

  test('has nothing to do where none is on our profile', async () => {
    const here = await begin()
    expect(todo(await here.plan({ remove: true })).map(([kind]) => kind)).not.toContain('mailboxes')
  })
})

describe('what hma reads of a mailbox', () => {
  test('is shown by status and verify', async () => {
    const here = await begin({ mailboxes: [sales] })
    await here.apply()
    const { mailboxes } = (await here.survey()).get('contoso/mailboxes') ?? {}
    expect(mailboxes).toMatchObject([
      {
        ...{ address: sales, onProfile: true, profile: 'Exchange on-premises (HMA)', approved: true, enabled: true },
        ...{ incoming: 'success', outgoing: 'success', appointments: 'success', testedAt: expect.stringMatching(/Z$/) },
      },
    ])
  })

  const good: Mailbox = {
    ...{ address: sales, onProfile: true, profile: 'P', approved: true, testing: false, testedAt: '2026-03-01T10:00:00Z' },
    ...{ incoming: 'success', outgoing: 'success', appointments: 'success', enabled: true },
  }
  const { testedAt: _, ...untested } = good
  const seen: readonly [string, Mailbox, Check['status'], RegExp][] = [
    ['tested', good, 'passed', /^Tested and enabled .* 2026-03-01 10:00 UTC/],
    ['never tested', untested, 'warning', /never tested/],
    ['a test that runs', { ...good, testing: true }, 'warning', /in progress/],
    ['not on a profile', { address: sales, onProfile: false }, 'warning', /not on a profile/],
    ['on another profile', { ...good, onProfile: false }, 'warning', /on the profile P/],
    ['none at all', { address: sales, onProfile: false, problem: 'No mailbox.' }, 'failed', /No mailbox/],
    [
      'a failure',
      { ...good, incoming: 'failure', lastError: '401\n  from EWS' },
      'failed',
      /failed: incoming failure, .*\(401 from EWS\)/,
    ],
    ['a part that was never tested', { ...good, outgoing: 'not run' }, 'failed', /incomplete: .*outgoing not run/],
    ['disabled since', { ...good, enabled: false }, 'failed', /disabled since/],
  ]
  test.each(seen)('is judged: %s', (_what, mailbox, status, detail) => {
    const [check] = mailboxChecks({ mailboxes: [mailbox] })
    expect(check).toMatchObject({ name: `mailbox ${sales}`, status, detail: expect.stringMatching(detail) })
    expect(check?.hint === undefined).toBe(status === 'passed')
  })
})
