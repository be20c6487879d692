import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { runOf } from '../../src/core/survey.ts'
import { textFiles } from '../../src/deployment/textFiles.ts'
import { oldestBuilds } from '../../src/proof/exchangeBuilds.ts'
import { exchangeSetup, type Spec, setupScript } from '../../src/resources/exchangeSetup.ts'
import { scopeNames, script as scopeScript } from '../../src/resources/mailboxScope/script.ts'
import { folder, loadText } from '../config/folder.ts'
import { ids, yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'
import { cases } from '../support/organizationCases.ts'
import { evoSts, ewsUrl, organization, server } from '../support/organizations.ts'
import { literals, type Parsed, powershell } from '../support/powershell.ts'
import type { Organization } from '../support/shell/organization.ts'
import { type Call, runScript } from '../support/shell/shell.ts'

const spec: Spec = {
  ...{ path: 'exchange-setup.ps1', deployment: 'contoso', ewsUrl, tenantId: ids.exchangeTenant, minimums: oldestBuilds },
  signInHosts: ['login.microsoftonline.com', 'login.windows.net'],
}
const text = (more: Partial<Spec> = {}): string => setupScript({ ...spec, ...more }) ?? ''
const run = (org: Organization, call?: Call, more?: Partial<Spec>) => runScript(text(more), org, call)
const apply: Call = { parameters: { Apply: true } }

/** The lines about what is not as it should be: `change oauth`, `advice versions`. */
const findings = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => /^(change|advice|unknown) +(\w+):/.exec(line)?.slice(1, 3).join(' ') ?? [])

describe('the script', () => {
  let parse: (script: string) => Parsed
  beforeAll(async () => {
    parse = await powershell()
  })

  test('is PowerShell that parses, begins with a byte order mark, and calls what changes something in one place only', () => {
    const { mistakes, commands } = parse(text())
    expect(mistakes).toEqual([])
    expect(text().charCodeAt(0)).toBe(0xfeff)
    const changing = commands.filter((one) => /^(Set|New|Remove|Enable|Disable|Add|Update)-/.test(one))
    expect([...new Set(changing)].sort()).toEqual([
      'New-Object',
      'New-PSSessionOption',
      'New-Point',
      'Set-ADServerSettings',
      'Set-StrictMode',
    ])
    expect(
      text()
        .split('\n')
        .filter((line) => /^\s*& /.test(line)),
    ).toEqual(['        & $Point.Command @with -ErrorAction Stop | Out-Null'])
  })

  test('treats everything in the configuration as text', () => {
    const signs = [
      "'",
      '\u2018',
      '\u2019',
      '"',
      '\u201c',
      '`',
      '$(Get-Date)',
      '#>',
      "'@",
      '; exit',
      '{{frame}}',
      "'{{tenantId}}'",
      '$&',
    ]
    const hostile = fc.array(fc.oneof(...signs.map((one) => fc.constant(one)), fc.string({ maxLength: 4 })), { maxLength: 8 })
    const plain = parse(text())
    const count = literals(text()).length
    fc.assert(
      fc.property(hostile, (all) => {
        const value = all.join('').replaceAll('\0', '')
        fc.pre(value !== '')
        const made = text({ ewsUrl: value })
        expect(literals(made).map((one) => one.value)).toContain(value)
        expect(literals(made)).toHaveLength(count)
        const { commands, comments } = parse(made)
        expect({ commands, comments }).toEqual({ commands: plain.commands, comments: plain.comments })
      }),
      { numRuns: 60 },
    )
  })

  test('explains itself: each parameter and each point has its line of help', () => {
    const help = parse(text()).comments.find((one) => one.startsWith('<#')) ?? ''
    for (const word of [
      '.SYNOPSIS',
      '.PARAMETER Apply',
      '-Apply',
      'oauth ',
      'urls ',
      'authServer ',
      'clientProfile ',
      'authCertificate ',
      'metadata ',
      'hybridAgent ',
      'sslOffloading ',
      'preAuthentication ',
      'mailboxScope ',
      'versions ',
    ])
      expect(help).toContain(word)
  })
})

describe.each(cases)('$name', ({ org, found, left = [] }) => {
  test('without -Apply, and with -Apply -WhatIf, nothing changes', async () => {
    const seen = org()
    const before = structuredClone(seen)
    const looked = await run(seen)
    expect(findings(looked.lines)).toEqual(found)
    const pretended = await run(seen, { parameters: { Apply: true, WhatIf: true } })
    expect(pretended.lines).toEqual(looked.lines)
    expect([...looked.changes, ...pretended.changes]).toEqual([])
    expect(seen).toEqual(before)
  })

  test('-Apply changes exactly what it said, and a second run finds nothing to change', async () => {
    const seen = org()
    const looked = await run(seen)
    const ran = await run(seen, apply)
    const said = (lines: readonly string[], verb: string) =>
      lines.flatMap((line) => (line.includes(verb) ? line.split(verb)[1]?.trim() : []))
    expect(said(ran.lines, 'runs:')).toEqual(said(looked.lines, 'would run:'))
    expect(ran.changes).toHaveLength(found.filter((one) => one.startsWith('change')).length)
    const again = await run(seen, apply)
    expect([findings(again.lines), again.changes]).toEqual([left, []])
  })
})

/** The grammar takes no parameter with a digit in its name, which PowerShell does. */
const splatted = (line: string): string =>
  line.replace(/^(\S+) -(OAuth2ClientProfileEnabled) (\$\w+)$/, '$with = @{ $2 = $3 }\n$1 @with')

describe('with -Apply', () => {
  test('what is right stays exactly as it is', async () => {
    const org = cases[4]?.org() ?? organization()
    const [first] = structuredClone(org.servers)
    const { changes } = await run(org, apply)
    expect(changes).toEqual(['Set-WebServicesVirtualDirectory EX02\\EWS (Default Web Site) True'])
    expect(org.servers[0]).toEqual(first)
  })

  test('the undo commands are shown and restore the settings', async () => {
    const org = organization({
      clientProfile: false,
      servers: [server({ oauth: false })],
      authServers: [evoSts({ enabled: false, isDefault: false })],
    })
    const before = structuredClone(org)
    const { lines } = await run(org, apply)
    const undo = lines.flatMap((line) => line.split('undo with: ')[1] ?? [])
    expect(undo).toHaveLength(4)
    expect(org).not.toEqual(before)
    for (const line of undo) await runScript(splatted(line), org)
    expect(org).toEqual(before)
  })

  test('a failed change does not stop the others, and stays open in the evidence', async () => {
    const lacking = organization({
      clientProfile: false,
      servers: [server({ oauth: false })],
      lacks: ['Set-WebServicesVirtualDirectory'],
    })
    const { warnings, files } = await run(lacking, apply)
    expect(warnings).toEqual([expect.stringContaining("'Set-WebServicesVirtualDirectory' is not recognized")])
    expect(lacking.clientProfile).toBe(true)
    const written = JSON.parse([...files.values()][0] ?? '')
    expect(written.points.filter(({ state }: { state: string }) => state === 'open')).toMatchObject([{ name: 'oauth' }])
  })

  test('the domain of the tenant comes from the metadata, or from the person', async () => {
    const org = () =>
      organization({ authServers: [evoSts({ isDefault: false, domainNames: [], metadataUrl: 'https://login.windows.net/x' })] })
    const asked = org()
    expect((await run(asked, apply)).lines.join('\n')).toContain('run the script again with -TenantDomain'.replace('run', 'Run'))
    expect(asked.authServers[0]?.isDefault).toBe(false)
    const given = org()
    await run(given, { parameters: { Apply: true, TenantDomain: 'contoso.com' } })
    expect(given.authServers[0]).toMatchObject({ isDefault: true, domainNames: ['contoso.com'] })
  })
})

test('outside of an Exchange shell it says what is missing, and does nothing', async () => {
  const org = organization({ lacks: ['Get-ExchangeServer', 'Get-AuthServer'] })
  await expect(run(org)).rejects.toThrow(
    'These commands are missing: Get-ExchangeServer, Get-AuthServer. Run the script in the Exchange Management Shell',
  )
})

describe('the mailbox scope script', () => {
  const values = { deployment: 'contoso', filter: "CustomAttribute1 -eq 'D365'", appId: '44444444-4444-4444-4444-444444444444' }
  const names = scopeNames('contoso')
  const account = { Account: 'CONTOSO\\svc-d365' }
  const limit = (org: Organization, more: Call['parameters'] = {}) =>
    runScript(scopeScript(values), org, { parameters: { ...account, ...more } })

  test('previews, then creates scope and assignment, then finds nothing to do; the evidence lists them', async () => {
    const org = organization()
    expect((await limit(org)).changes).toEqual([])
    const setup = { scope: names }
    expect(findings((await run(org, {}, setup)).lines)).toEqual(['advice mailboxScope'])
    expect((await limit(org, { Apply: true })).changes).toHaveLength(2)
    expect(org).toMatchObject({
      scopes: [{ name: names.scopeName, filter: values.filter }],
      assignments: [{ name: names.assignmentName, assignee: account.Account, scope: names.scopeName }],
    })
    expect((await limit(org, { Apply: true })).changes).toEqual([])
    const { lines, files } = await run(org, {}, setup)
    expect(findings(lines)).toEqual([])
    expect(JSON.parse([...files.values()][0] ?? '').mailboxScope).toEqual({ scope: true, assignment: true, limited: true })
  })

  test('corrects a wrong filter and an unlimited assignment, and warns of a second assignment', async () => {
    const org = organization({
      scopes: [{ name: names.scopeName, filter: 'other' }],
      assignments: [
        { name: names.assignmentName, assignee: account.Account, scope: '' },
        { name: 'all', assignee: account.Account, scope: '' },
      ],
    })
    const { warnings, changes } = await limit(org, { Apply: true })
    expect(changes).toHaveLength(2)
    expect(warnings).toEqual([expect.stringContaining('through all too')])
    expect([org.scopes[0]?.filter, org.assignments[0]?.scope]).toEqual([values.filter, names.scopeName])
  })

  test('a foreign assignment stops it before anything is changed', async () => {
    const org = organization({ assignments: [{ name: names.assignmentName, assignee: 'CONTOSO\\other', scope: '' }] })
    await expect(limit(org, { Apply: true })).rejects.toThrow('belongs to CONTOSO\\other')
    expect(org.scopes).toEqual([])
  })
})

describe('the kind', () => {
  const run = runOf({ now: new Date(0), owner: 'contoso', signal: new AbortController().signal }, () => {})
  const path = 'scripts/setup.ps1'

  test('writes the file, finds nothing to do, says what changed, and removes only its own file', async () => {
    const directory = await folder({})
    const kind = exchangeSetup(textFiles(directory))
    const wanted = { ...spec, path }
    const written = async () => (await kind.read(wanted, run)) ?? expect.fail('there is no file')
    await kind.reconcile(wanted, undefined, run)
    expect(kind.diff(wanted, await written(), run.now)).toEqual([])
    const other = 'https://mail2.contoso.com/EWS/Exchange.asmx'
    expect(kind.diff({ ...wanted, ewsUrl: other }, await written(), run.now)).toEqual([
      { field: 'ewsUrl', from: ewsUrl, to: other, why: 'it is for another EWS address' },
    ])
    expect(kind.diff({ ...wanted, scope: scopeNames('contoso') }, await written(), run.now)).toMatchObject([{ field: 'text' }])
    await kind.remove?.(await written(), { ...run, owner: 'fabrikam' })
    expect(await readdir(join(directory, 'scripts'))).toEqual(['setup.ps1'])
    await kind.remove?.(await written(), run)
    expect(await readdir(join(directory, 'scripts'))).toEqual([])
  })

  test('an existing file of this name is left alone until it is adopted', async () => {
    const here = await workplace(yaml({ dynamics: false, tenants: 1, create: false, exchange: ['setup: {script: ./setup.ps1}'] }))
    try {
      await here.write('setup.ps1', 'Get-Date\n')
      const planned = await here.hma('plan --sandbox --json')
      const { changes } = JSON.parse(planned.stdout).deployments[0]
      expect(changes.find(({ kind }: { kind: string }) => kind === 'exchangeSetup')).toMatchObject({
        action: 'manual',
        reason: 'unmarked',
      })
      expect(await readFile(join(here.directory, 'setup.ps1'), 'utf8')).toBe('Get-Date\n')
    } finally {
      await here.leave()
    }
  })
})

describe('the configuration', () => {
  const texts = (lines: string): string => yaml().replace('  testMailbox:', `${lines}\n  testMailbox:`)

  test('two of its files may not be the same', async () => {
    const { diagnostics } = await loadText(texts('  setup: {script: ./a.ps1}\n  evidence: sub/../a.ps1'))
    expect(diagnostics.map(({ message }) => message)).toEqual(['exchange.evidence and exchange.setup.script name the same file.'])
  })

  test.each(['"a\\nb"', '"  "', '"\\u202e.ps1"'])('a script named %s is refused', async (name) => {
    const { diagnostics } = await loadText(texts(`  setup: {script: ${name}}`))
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^exchange\.setup\.script must be one line of text/),
    ])
  })

  test('the register is check or register, and nothing else', async () => {
    const { diagnostics } = await loadText(texts('  servicePrincipalName: add'))
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringMatching(/servicePrincipalName/)])
  })
})
