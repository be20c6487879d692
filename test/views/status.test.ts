import { expect, test } from 'vitest'
import { human } from '../../src/views/human.ts'
import { json } from '../../src/views/json.ts'
import type { Status } from '../../src/views/status/model.ts'
import { statusSchema } from '../../src/views/status/schema.ts'
import { width } from '../../src/views/terminal/line.ts'
import { recorder } from './recorder.ts'

/** `npm run schema` updates it. */
test('the published schema is the one in the code', async () => {
  await expect(`${JSON.stringify(statusSchema, null, 2)}\n`).toMatchFileSnapshot('../../schemas/hma-status.schema.json')
})

const calm: Status = {
  ok: true,
  at: '2026-01-01T00:00:00.000Z',
  drift: { changes: 0, person: 0 },
  proof: null,
  expires: { what: 'secret 0f8e2a11 of KV-App', at: '2027-04-03T10:00:00.000Z', days: 180 },
  certificate: {
    ...{ name: 'HMA-Cert', thumbprint: '3F2A91C0AA00', version: '8f2d1c0044aa', state: 'current', outlook: 'fine' },
    ...{ expires: '2027-10-05T10:00:00.000Z', days: 364, renewal: '2027-09-05T10:00:00.000Z', renewedBy: 'hma', pending: false },
  },
  trusted: [
    {
      ...{ keyId: 'k1', thumbprint: '3F2A91C0AA00', state: 'current', ours: true, until: null, outlook: 'fine' },
      ...{ expires: '2027-10-05T10:00:00.000Z', days: 364 },
    },
    {
      ...{ keyId: 'k0', thumbprint: '91AB00F2BB11', state: 'former', ours: true, until: '2026-10-12T10:00:00.000Z' },
      ...{ expires: '2026-11-01T10:00:00.000Z', days: 26, outlook: 'fine' },
    },
    {
      ...{ keyId: 'kx', thumbprint: '77770000CC22', state: 'trusted', ours: false, until: null },
      ...{ expires: '2029-01-01T10:00:00.000Z', days: 817, outlook: 'fine' },
    },
  ],
  secrets: [
    {
      ...{ keyId: '0f8e2a11-0000', state: 'held', heldBy: ['dynamics', 'vault'], until: null, outlook: 'fine' },
      ...{ expires: '2027-04-03T10:00:00.000Z', days: 180, renewal: '2027-03-04T10:00:00.000Z' },
    },
  ],
  dynamics: {
    ...{ environmentUrl: 'https://contoso.crm4.dynamics.com', profile: 'Exchange on-premises (HMA)', profileId: 'p' },
    ...{ certificateName: 'HMA-Cert', hmaApplicationId: 'a', secret: '0f8e2a11-0000' },
  },
  mailboxes: [
    {
      ...{ address: 'sales@contoso.com', state: 'works', testedAt: '2026-10-01T10:00:00.000Z', profile: 'P', error: null },
      ...{ incoming: 'success', outgoing: 'success', appointments: 'success' },
    },
    {
      ...{ address: 'help@contoso.com', state: 'failed', testedAt: '2026-10-02T10:00:00.000Z', profile: 'P', error: '401' },
      ...{ incoming: 'failure', outgoing: 'success', appointments: 'failure' },
    },
    {
      ...{ address: 'new@contoso.com', state: 'elsewhere', testedAt: null, profile: null, error: null },
      ...{ incoming: 'not run', outgoing: 'not run', appointments: 'not run' },
    },
  ],
  problems: [],
}

const shown = (status: Status, columns = 80, color = false): string => {
  const terminal = recorder({ columns, color })
  human(terminal, { quiet: false, verbose: false }).statuses({ contoso: status })
  return terminal.stdout
}

test('a table that fits a terminal', () => {
  expect(shown(calm)).toBe(`contoso
                      id        until         left  state
  certificate         3F2A91C0  2027-10-05   364 d  current
    HMA-Cert, version 8f2d1c00, renewal due on 2027-09-05
  trusted by HMA-App  3F2A91C0  2027-10-05   364 d  current
                      91AB00F2  2026-11-01    26 d  former, until 2026-10-12
                      77770000  2029-01-01   817 d  trusted
    not managed by hma: stays
  secret of KV-App    0f8e2a11  2027-04-03   180 d  held by Dynamics and vault
    renewal due on 2027-03-04
  Dynamics            profile "Exchange on-premises (HMA)", certificate
                      HMA-Cert, secret 0f8e2a11
  mailboxes
    sales@contoso.com  tested 2026-10-01, works
    help@contoso.com   tested 2026-10-02, failed: incoming, appointments (401)
    new@contoso.com    not on a profile
  Next to expire: secret 0f8e2a11 of KV-App, in 180 days, on 2027-04-03.
`)
})

test.each([40, 71, 72, 80, 200])('no line is longer than %i columns', (columns) => {
  for (const line of shown(calm, columns).split('\n')) expect(width(line), line).toBeLessThanOrEqual(columns)
})

test('shows what is wrong, what to do, and what cannot be read', () => {
  const { certificate, ...rest } = calm
  const broken: Status = {
    ...rest,
    ok: false,
    expires: null,
    certificate: certificate && { ...certificate, state: 'not trusted', pending: true, renewedBy: 'your CA' },
    problems: [
      { kind: 'broken', what: 'certificate HMA-Cert', message: 'HMA-App does not trust it', hint: 'Run `hma apply`.' },
      {
        kind: 'unreadable',
        what: 'secrets of KV-App',
        message: 'Graph refused it (403)',
        hint: 'It takes Application.Read.All.',
      },
    ],
  }
  const text = shown(broken)
  expect(text).toContain('not trusted!')
  expect(text).toContain('a request is waiting for your CA: hma csr')
  expect(text).toContain('  ! certificate HMA-Cert: HMA-App does not trust it\n    Run `hma apply`.\n')
  expect(text).toContain('  ! secrets of KV-App: could not be read. Graph refused it (403)\n    It takes Application.Read.All.\n')
  expect(text).not.toContain('Next to expire')
})

test('only what is in use is coloured', () => {
  const [current, former] = calm.trusted
  if (!current || !former) throw new Error('no example')
  const soon = { ...current, outlook: 'soon' as const, days: 9 }
  const text = shown({ ...calm, trusted: [soon, { ...former, outlook: 'soon' }] }, 80, true)
  const lines = text.split('\n')
  expect(lines.find((one) => one.includes('9 d'))).toContain('\u001b[33m')
  expect(lines.find((one) => one.includes('former'))).not.toContain('\u001b[')
})

test('text from outside cannot move the cursor', () => {
  const [mailbox] = calm.mailboxes
  if (!mailbox) throw new Error('no example')
  const text = shown({ ...calm, mailboxes: [{ ...mailbox, state: 'failed', error: 'x\u001b[2J\u202e' }] })
  for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign)
})

test('programs read all of it', () => {
  const terminal = recorder()
  json(terminal, { quiet: false }).statuses({ contoso: calm })
  expect(JSON.parse(terminal.stdout)).toEqual({ contoso: calm })
})

test('other credentials are shown with everything that a command needs to remove them', () => {
  const other = { days: 300, outlook: 'fine', expires: '2027-08-01T10:00:00.000Z' } as const
  const text = shown({
    ...calm,
    others: [
      {
        ...other,
        registration: 'keyVaultApp',
        appId: 'a',
        type: 'secret',
        name: 'terraform',
        keyId: '5b1c0000-0000-4000-8000-0000000000aa',
      },
      { ...other, registration: 'keyVaultApp', appId: 'a', type: 'certificate', name: null, keyId: 'c1c1c1c1-0000' },
      { ...other, registration: 'hmaApp', appId: 'b', type: 'certificate', name: 'CN=old', keyId: 'kx' },
      { ...other, registration: 'hmaApp', appId: 'b', type: 'secret', name: 'pipeline', keyId: 'd1d1d1d1-0000' },
    ],
  })
  expect(text).toContain(`  secret of KV-App    0f8e2a11  2027-04-03   180 d  held by Dynamics and vault
    renewal due on 2027-03-04
                      5b1c0000  2027-08-01   300 d  not managed by hma: stays
    terraform, key id 5b1c0000-0000-4000-8000-0000000000aa
  KV-App certificate  c1c1c1c1  2027-08-01   300 d  not managed by hma: stays
    key id c1c1c1c1-0000
  secret of HMA-App   d1d1d1d1  2027-08-01   300 d  not managed by hma: stays
    pipeline, key id d1d1d1d1-0000
`)
  // What HMA-App trusts is listed once, under trusted.
  expect(text).toContain('not managed by hma: stays, CN=old, key id kx')
  expect(text.match(/key id kx/g)).toHaveLength(1)
})
