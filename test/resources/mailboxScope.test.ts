import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runOf } from '../../src/core/survey.ts'
import { textFiles } from '../../src/deployment/textFiles.ts'
import { defaultOf, ownerOf, quoted } from '../../src/resources/exchangeScript/template.ts'
import { mailboxScope, type Spec } from '../../src/resources/mailboxScope/mailboxScope.ts'
import { scopeNames, script } from '../../src/resources/mailboxScope/script.ts'
import { folder, loadText, valid } from '../config/folder.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { literals, type Parsed, powershell } from '../support/powershell.ts'

const group = "MemberOfGroup -eq 'CN=D365,OU=Groups,DC=contoso,DC=com'"
const appId = '44444444-4444-4444-4444-444444444444'
const contoso = { deployment: 'contoso', filter: group, appId }

describe('the script', () => {
  let parse: (text: string) => Parsed
  beforeAll(async () => {
    parse = await powershell()
  })

  test('is PowerShell that parses, and calls what changes something in one place only, after asking', () => {
    const { mistakes, commands } = parse(script(contoso))
    expect(mistakes).toEqual([])
    expect(commands.filter((one) => /^(New|Set|Remove|Invoke|Enable|Add)-(?!StrictMode|Point)/.test(one))).toEqual([])
    const lines = script(contoso).split('\n')
    const calling = lines.findIndex((line) => line.includes('& $Point.Command @with'))
    expect(lines.filter((line) => /^\s*& /.test(line))).toHaveLength(1)
    expect(lines.slice(calling - 12, calling).join('\n')).toMatch(/-not \$Acts[\s\S]*\$Cmdlet\.ShouldProcess\(/)
  })

  test('says what is unconfirmed, and how to undo it', () => {
    const help = parse(script(contoso)).comments.find((one) => one.startsWith('<#'))
    expect(help).toMatch(/UNCONFIRMED\.[\s\S]*linked account of the partner application[\s\S]*service account/)
    expect(help).toMatch(/undo[\s\S]*Remove-ManagementRoleAssignment[\s\S]*Remove-ManagementScope/)
  })

  test('begins with a byte order mark: Windows PowerShell would take UTF-8 for ANSI otherwise', () => {
    expect([...Buffer.from(script(contoso)).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(script(contoso)).not.toContain('\r')
  })

  /** Texts with a meaning to PowerShell, among others. */
  const hostile = fc.oneof(
    ...[
      "'",
      '\u2018',
      '\u2019',
      '\u201a',
      '\u201b',
      '"',
      '\u201c',
      '`',
      '$(Get-Date)',
      '#>',
      '<#',
      '@"',
      "'@",
      '; exit',
      '\n',
      '\0',
    ].map((one) => fc.constant(one)),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  )
  const text = fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join(''))

  test('treats everything in the configuration as text, never as a command', () => {
    const plain = parse(script(contoso))
    fc.assert(
      fc.property(text, text, (filter, id) => {
        const made = script({ ...contoso, filter, appId: id })
        const { scopeName, assignmentName } = scopeNames('contoso')
        const values = literals(made).map(({ value }) => value)
        expect(values.slice(1, 5)).toEqual([filter, scopeName, assignmentName, id])
        expect(values).toHaveLength(literals(script(contoso)).length)
        expect(made.replace(quoted(filter), () => quoted(group)).replace(quoted(id), () => quoted(appId)).length).toBe(
          script(contoso).length,
        )
        // The grammar knows no typographic quotes, for which the reader above stands in, and takes no NUL.
        const { commands, comments, mistakes } = parse(made.replaceAll('\0', ''))
        expect({ mistakes, commands, comments }).toEqual({ ...plain, mistakes: [] })
      }),
      { numRuns: 150 },
    )
  })

  test('the parser and the reader of these tests see a string that is not closed', () => {
    const broken = script(contoso).replace(quoted(group), "'it's'")
    expect(parse(broken).mistakes).not.toEqual([])
    const other = script(contoso).replace(quoted(group), "'it\u2019; exit '")
    expect(() => literals(other)).toThrow('is not closed')
  })

  test('states the values it was made for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (filter) => {
        fc.pre(!/[\r\n]/.test(filter))
        const made = script({ ...contoso, filter })
        expect([defaultOf(made, 'RecipientFilter'), defaultOf(made, 'ApplicationId')]).toEqual([filter, appId])
      }),
    )
    expect(ownerOf(script(contoso))).toBe('contoso')
    expect(defaultOf('Get-Date', 'RecipientFilter')).toBeUndefined()
    expect(ownerOf('Get-Date')).toBeUndefined()
  })
})

describe('the kind', () => {
  const run = runOf({ now: new Date(0), owner: 'contoso', signal: new AbortController().signal }, () => {})
  const spec: Spec = { ...contoso, path: 'scripts/scope.ps1' }

  async function stand() {
    const directory = await folder({})
    const kind = mailboxScope(textFiles(directory))
    const look = async () => {
      const live = await kind.read(spec, run)
      if (!live) throw new Error('there is no file')
      return live
    }
    return { directory, kind, look, file: join(directory, spec.path) }
  }

  test('writes the whole file at once, and finds nothing to do afterwards', async () => {
    const { directory, kind, look, file } = await stand()
    expect(await kind.read(spec, run)).toBeUndefined()
    await kind.reconcile(spec, undefined, run)
    expect(await readFile(file, 'utf8')).toBe(script(contoso))
    expect(await readdir(join(directory, 'scripts'))).toEqual(['scope.ps1'])
    const live = await look()
    expect([kind.marks(live), kind.diff(spec, live, run.now)]).toEqual([{ marks: [{ deployment: 'contoso' }] }, []])
  })

  test('Windows line endings are not a difference', async () => {
    const { kind, look, file } = await stand()
    await kind.reconcile(spec, undefined, run)
    await writeFile(file, script(contoso).replaceAll('\n', '\r\n'))
    expect(kind.diff(spec, await look(), run.now)).toEqual([])
  })

  test('says what changed: the filter, the app, or the text', async () => {
    const { kind, look, file } = await stand()
    await kind.reconcile(spec, undefined, run)
    const filter = "CustomAttribute1 -eq 'D365'"
    expect(kind.diff({ ...spec, filter }, await look(), run.now)).toEqual([
      { field: 'filter', from: group, to: filter, why: 'it is for another filter' },
    ])
    expect(kind.diff({ ...spec, appId: 'other' }, await look(), run.now)).toEqual([
      { field: 'appId', from: appId, to: 'other', why: 'it is for another HMA-App' },
    ])
    await writeFile(file, `${script(contoso)}Get-Date\n`)
    const [difference, ...more] = kind.diff(spec, await look(), run.now)
    expect([difference?.field, difference?.why, more]).toEqual([
      'text',
      'the file was changed by hand, or written by another version of hma',
      [],
    ])
    await kind.reconcile(spec, await look(), run)
    expect(kind.diff(spec, await look(), run.now)).toEqual([])
  })

  test('while HMA-App is unknown nothing is compared', async () => {
    const { kind, look } = await stand()
    await kind.reconcile(spec, undefined, run)
    const { appId: _, ...known } = spec
    expect(kind.diff(known, await look(), run.now)).toEqual([])
  })

  test('removes only a script that carries the mark of the deployment', async () => {
    const { directory, kind, look, file } = await stand()
    await kind.reconcile(spec, undefined, run)
    const seen = await look()
    await kind.remove?.(seen, { ...run, owner: 'fabrikam' })
    expect(await readFile(file, 'utf8')).toBe(script(contoso))
    await writeFile(file, 'Get-Date\n')
    await kind.remove?.(seen, run)
    expect(await readFile(file, 'utf8')).toBe('Get-Date\n')
    await kind.reconcile(spec, undefined, run)
    await kind.remove?.(seen, run)
    expect(await readdir(join(directory, 'scripts'))).toEqual([])
    await kind.remove?.(seen, run)
  })

  test('a link is not followed, and what it leads to is not touched', async () => {
    const { directory, kind, file } = await stand()
    await mkdir(join(directory, 'scripts'))
    await writeFile(join(directory, 'real.ps1'), '')
    await symlink(join(directory, 'real.ps1'), file)
    await expect(kind.reconcile(spec, undefined, run)).rejects.toMatchObject({ errorCode: 'HMA115', message: /symbolic link/ })
    expect(await readFile(join(directory, 'real.ps1'), 'utf8')).toBe('')
  })

  test('a path that cannot be used is named, with the reason', async () => {
    const { directory, kind } = await stand()
    await mkdir(join(directory, 'folder'))
    const reading = kind.read({ path: 'folder' }, run)
    await expect(reading).rejects.toMatchObject({ message: 'folder cannot be read: it is a folder', hint: /path/ })
    await writeFile(join(directory, 'file'), '')
    await expect(kind.reconcile({ ...spec, path: 'file/scope.ps1' }, undefined, run)).rejects.toMatchObject({
      message: 'file/scope.ps1 cannot be written: part of its path is a file, not a folder',
    })
  })
})

describe('the configuration', () => {
  const withScope = (filter: string, file = './scope.ps1'): string =>
    valid.replace('dynamics:', `  mailboxScope:\n    script: ${file}\n    filter: ${filter}\ndynamics:`)

  test.each([
    ['a line break', '"a\\nb"'],
    ['a folded text, which ends in a line break', '>\n      a\n      b'],
    ['a control character', '"a\\u0007"'],
    ['a line separator', '"a\\u2028b"'],
    ['a turn of the reading direction', '"a\\u202eb"'],
    ['nothing but blanks', '"  "'],
  ])('a filter with %s is refused', async (_what, filter) => {
    const { diagnostics } = await loadText(withScope(filter))
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'exchange.mailboxScope.filter must be one line of text, without control characters or characters that change the reading direction.',
    ])
  })

  test('a filter in any language is fine', async () => {
    expect((await loadText(withScope('"MemberOfGroup -eq \'CN=Müller’s 営業,DC=contoso,DC=com\'"'))).diagnostics).toEqual([])
  })

  test('two deployments cannot write the same file', async () => {
    const other = withScope('a', 'x/../scope.ps1').replace('name: contoso', 'name: fabrikam').replace('kv-contoso', 'kv-fabrikam')
    const text = `${withScope('a')}---\n${other.replace('contoso.crm4', 'fabrikam.crm4')}`
    const { diagnostics } = await loadText(text)
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Another deployment writes its script to this file: .*hma\.config\.yaml:\d+:\d+\.$/),
    ])
  })
})

describe('on the command line', () => {
  let here: Workplace
  afterEach(() => here.leave())

  const deployment = (filter: string): string =>
    yaml({ create: false, dynamics: false, tenants: 1 }).replace(
      '  testMailbox: svc-d365@contoso.com',
      `  testMailbox: svc-d365@contoso.com\n  mailboxScope:\n    script: ./scope.ps1\n    filter: "${filter}"`,
    )
  const written = (): Promise<string> => readFile(join(here.directory, 'scope.ps1'), 'utf8')

  test('planned, written, changed, and destroyed with the rest', async () => {
    here = await workplace(deployment(group))
    const plan = await here.hma('plan --sandbox')
    expect(plan.stderr + plan.stdout).toMatch(/\+ mailboxScope +new\n +path scope\.ps1/)
    expect((await here.hma('apply --sandbox --yes')).code).toBe(0)
    const { contoso: values } = JSON.parse((await here.hma('output --sandbox --json')).stdout)
    expect(await written()).toBe(script({ ...contoso, appId: values.hmaApplicationId }))
    expect((await here.hma('plan --sandbox --detailed-exitcode')).code).toBe(0)

    await here.write('hma.config.yaml', deployment("CustomAttribute1 -eq 'D365'"))
    const changed = await here.hma('plan --sandbox --detailed-exitcode')
    expect([changed.code, changed.stdout]).toEqual([2, expect.stringContaining("CustomAttribute1 -eq 'D365'")])
    expect((await here.hma('apply --sandbox --yes')).code).toBe(0)
    expect(defaultOf(await written(), 'RecipientFilter')).toBe("CustomAttribute1 -eq 'D365'")

    expect((await here.hma('destroy --sandbox --yes')).code).toBe(0)
    await expect(written()).rejects.toThrow('ENOENT')
  })

  test('a file that hma did not write is not touched until it is adopted', async () => {
    here = await workplace(deployment(group))
    await here.write('scope.ps1', 'Get-Date\n')
    const held = await here.hma('apply --sandbox --yes')
    expect(held.code).toBe(3)
    expect(await written()).toBe('Get-Date\n')
    expect((await here.hma('adopt contoso/mailboxScope --sandbox --yes')).code).toBe(0)
    expect(ownerOf(await written())).toBe('contoso')
  })
})
