import { describe, expect, test } from 'vitest'
import { human } from '../../src/views/human.ts'
import { contoso, made, mixed, planned } from './example.ts'
import { recorder } from './recorder.ts'

const loud = { quiet: false, verbose: false }

function shown(plan: ReturnType<typeof contoso>, features: Parameters<typeof recorder>[0] = {}): string {
  const terminal = recorder(features)
  human(terminal, loud).plan(plan)
  expect(terminal.stderr).toBe('')
  return terminal.stdout
}

describe('a plan for people', () => {
  test('on 80 columns', () => {
    expect(shown(contoso(...mixed))).toBe(`contoso

  + vault                      new
      name kv-contoso-mail · resourceGroup rg-mail · location westeurope
      sku standard · softDeleteRetentionDays 90 · purgeProtection true …
  ± keyVaultApp (application)  exists, to be adopted
      mark  (none) → contoso
  ~ certificate                expires in 12 days (renewal was due 18 days ago)
  ~ emailServerProfile         differs
      name                   Old → Exchange on-premises (HMA)
      keyVaultApplicationId  x → (from keyVaultApp: appId)
      ewsUrl                 https://old-mail.contoso.com/EWS/Exchange.asmx
                             → https://mail.contoso.com/EWS/Exchange.asmx
  - clientSecret               to be removed
  ! adminConsent               needs manual action
      granted  false → true
      An administrator of the tenant opens this link and agrees:
      https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/adminconsent?client_id=44444444-4444-4444-4444-444444444444
  2 unchanged

Plan: 1 to create, 2 to update, 1 to adopt, 1 to remove, 1 needs manual action.
Run \`hma apply\` to make these changes.
`)
  })

  test('wraps words on 40 columns and breaks no link', () => {
    expect(shown(contoso(...mixed.slice(1, 3), ...mixed.slice(5)), { columns: 40 })).toBe(`contoso

  ± keyVaultApp (application)
      exists, to be adopted
      mark  (none) → contoso
  ~ certificate
      expires in 12 days (renewal was
      due 18 days ago)
  ! adminConsent
      needs manual action
      granted  false → true
      An administrator of the tenant
      opens this link and agrees:
      https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/adminconsent?client_id=44444444-4444-4444-4444-444444444444
  2 unchanged

Plan: 1 to update, 1 to adopt, 1 needs
manual action.
Run \`hma apply\` to make these changes.
`)
  })

  test('a change that only follows another resource says so', () => {
    const to = { $ref: 'contoso/certificateRequest', field: 'key' }
    const follower = made('certificateCredential', { action: 'update', differences: [{ field: 'key', to }] })
    expect(shown(contoso(follower))).toContain(
      '~ certificateCredential  follows certificateRequest\n      key  → (from certificateRequest: key)\n',
    )
    const also = { ...follower, differences: [...follower.differences, { field: 'name', from: 'a', to: 'b' }] }
    expect(shown(contoso(also))).toContain('~ certificateCredential  differs\n')
  })

  test.each([30, 40, 60, 80, 200])('on %i columns no line is longer, except a single long word', (columns) => {
    const long = made('profile', {
      action: 'update',
      differences: [
        {
          field: 'mailboxes',
          from: 'a@contoso.com '.repeat(20),
          to: 'b@contoso.com '.repeat(20),
          why: 'one and another '.repeat(9),
        },
        { field: 'other', from: 1, to: 2 },
      ],
    })
    const lines = shown(contoso(...mixed, long), { columns }).split('\n')
    const over = lines.filter((line) => line.length > columns && line.trim().replace(/^→ /, '').includes(' '))
    expect(over).toEqual([])
  })

  test('without Unicode, our own text is ASCII', () => {
    const text = shown(contoso(...mixed), { unicode: false })
    expect(text).not.toMatch(/[^\n -~]/)
    expect(text).toContain('  * keyVaultApp (application)  exists, to be adopted\n      mark  (none) -> contoso\n')
  })

  test('colours change nothing but colours', () => {
    const colored = shown(contoso(...mixed), { color: true })
    expect(colored).toContain('\u001b[32m+\u001b[39m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(shown(contoso(...mixed)))
  })

  test('nothing to do', () => {
    const calm = contoso(made('vault', { action: 'none' }))
    expect(shown(calm)).toBe('No changes. Everything matches the configuration.\n')
  })

  test('shows that manual action is required first', () => {
    const blocked = made('vault', { action: 'manual', reason: 'unmarked', instructions: 'Adopt it.' })
    const other = made('app', { action: 'create', reason: 'missing' })
    expect(shown(contoso(blocked, other))).toBe(`contoso

  ! vault  exists, not managed by hma
      Adopt it.
  + app    new

Plan: 1 to create, 1 needs manual action.
Manual action comes first, see (!) above. Until then nothing changes in contoso.
`)
    const both = planned(
      { name: 'contoso', changes: [blocked] },
      { name: 'fabrikam', changes: [{ ...other, address: 'fabrikam/app' }] },
    )
    expect(shown(both)).toMatch(/nothing changes in contoso.\nRun `hma apply` to make these changes.\n$/)
  })

  test('different reasons are next to their fields', () => {
    const differences = [
      { field: 'end', from: 1, to: 2, why: 'too early' },
      { field: 'former', why: 'no longer needed' },
    ]
    expect(shown(contoso(made('certificateCredential', { action: 'update', reason: 'expiring', differences })))).toContain(
      '  ~ certificateCredential  expires soon\n      end     1 → 2 (too early)\n      former  no longer needed\n',
    )
  })

  test('identical instructions are shown once, and an approaching expiry has no new value', () => {
    const held = { action: 'manual', reason: 'requested', instructions: 'Held back.' } as const
    const differences = [{ field: 'expires', from: '2027-01-01', why: 'expires soon' }]
    expect(
      shown(contoso(made('a', held), made('b', held), made('c', { action: 'update', reason: 'expiring', differences }))),
    ).toContain(`
  ! a  to be removed
  ! b  to be removed
      Held back.
  ~ c  expires soon
      expires  2027-01-01
`)
  })

  test('text from outside cannot control the terminal', () => {
    const evil = made('vault', {
      action: 'update',
      reason: 'differs',
      differences: [{ field: 'name', from: '\u001b[2Jx\u202e', to: 'a\u0007\u009b31m\nb' }],
      instructions: 'one\u001b[31m\ntwo',
    })
    expect(shown(contoso(evil))).toContain('      name  \\x1b[2Jx\\u202e → a\\x07\\x9b31m\\x0ab\n      one\\x1b[31m\n      two\n')
  })
})

describe('a proposal', () => {
  const proposed = (plan: ReturnType<typeof contoso>): string => {
    const terminal = recorder()
    human(terminal, loud).proposal(plan, 'remove')
    return terminal.stdout
  }

  test('of a removal', () => {
    const gone = { action: 'remove', reason: 'requested', differences: [{ field: 'exists', from: true, to: false }] } as const
    expect(proposed(contoso(made('app', gone), made('vault', { action: 'none' })))).toBe(`contoso

  - app  to be removed
  Left alone: vault

Plan: 1 to remove.
`)
  })

  test('of a removal with nothing to remove', () => {
    expect(proposed(contoso(made('vault', { action: 'none' })))).toBe(
      'Nothing to remove: no existing object is marked for these deployments.\n',
    )
  })
})
