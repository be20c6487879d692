import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { render } from '../../src/config/diagnostic.ts'
import { load } from '../../src/config/load.ts'
import { folder, loadText, valid } from './folder.ts'

const tenant = '11111111-1111-1111-1111-111111111111'

async function configuration(text: string, env: Readonly<Record<string, string>> = {}) {
  const { deployments, diagnostics } = await loadText(text, env)
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(render)).toEqual([])
  const [deployment] = deployments
  if (!deployment) throw new Error('no deployment')
  return deployment.configuration
}

it('fills in every default, including those derived from other values', async () => {
  expect(await configuration(valid)).toEqual({
    apiVersion: 'hma/v1',
    name: 'contoso',
    cloud: 'public',
    auth: {},
    keyVault: {
      tenantId: tenant,
      subscriptionId: '33333333-3333-3333-3333-333333333333',
      resourceGroup: 'rg-mail',
      name: 'kv-contoso-mail',
    },
    certificate: {
      name: 'HMA-Cert',
      source: 'generate',
      issuer: 'hma',
      subject: 'CN=HMA-Cert',
      keySize: 2048,
      validityMonths: 12,
      renewBeforeDays: 30,
      overlapDays: 7,
    },
    keyVaultApp: { displayName: 'KV-App', clientSecret: { lifetimeDays: 180, renewBeforeDays: 30, overlapDays: 7 } },
    hmaApp: { displayName: 'HMA-App', adminConsent: 'grant', tenantId: tenant },
    exchange: {
      ewsUrl: 'https://mail.contoso.com/EWS/Exchange.asmx',
      resourceId: 'https://mail.contoso.com',
      trustEwsHost: false,
      servicePrincipalName: 'check',
    },
    dynamics: {
      environmentUrl: 'https://contoso.crm4.dynamics.com',
      tenantId: tenant,
      profile: { name: 'Exchange on-premises (HMA)' },
      mailboxes: [],
    },
    safety: { preventRemoval: false },
  })
})

it('normalizes ids, regions, hosts and mailboxes', async () => {
  const text = valid
    .replace('dynamics.com\n', 'dynamics.com/\n  mailboxes: [Sales@contoso.com, {address: info@contoso.com, approve: false}]\n')
    .replace('33333333-', 'ABCDEF33-')
    .replace('  name: kv', '  create: {location: West Europe}\n  name: kv')
  const { keyVault, hmaApp, dynamics } = await configuration(`${text}hmaApp: {tenantId: ABCDEF22-2222-2222-2222-222222222222}`)
  expect(keyVault.subscriptionId).toBe('abcdef33-3333-3333-3333-333333333333')
  expect(keyVault.create).toEqual({
    location: 'westeurope',
    authorization: 'rbac',
    sku: 'standard',
    softDeleteRetentionDays: 90,
    purgeProtection: true,
  })
  expect(hmaApp.tenantId).toBe('abcdef22-2222-2222-2222-222222222222')
  expect(dynamics?.tenantId).toBe(hmaApp.tenantId)
  expect(dynamics?.environmentUrl).toBe('https://contoso.crm4.dynamics.com')
  expect(dynamics?.mailboxes).toEqual([
    { address: 'Sales@contoso.com', approve: true, testAndEnable: true },
    { address: 'info@contoso.com', approve: false, testAndEnable: true },
  ])
})

describe('secrets', () => {
  const auth = `auth:\n  ${tenant}:\n    credential: clientSecret\n    clientId: ${tenant}\n    clientSecret: $\{SECRET}\n`

  it('are wrapped, and no serialized configuration shows them', async () => {
    const found = await configuration(valid + auth, { SECRET: 'hunter2' })
    expect(JSON.stringify(found)).not.toContain('hunter2')
    const credential = found.auth[tenant]
    expect(credential?.credential === 'clientSecret' && credential.clientSecret.reveal()).toBe('hunter2')
  })

  it('in the file itself cause a warning that masks them', async () => {
    const { diagnostics, deployments } = await loadText(valid + auth.replace(/\$.*/, 'hunter2'))
    expect(deployments).toHaveLength(1)
    expect(diagnostics.map(({ severity, line, message }) => [severity, line, message])).toEqual([
      ['warning', 16, 'Secret in plain text.'],
    ])
    expect(diagnostics.map(render).join()).not.toContain('hunter2')
  })

  it.each([
    '{credential: clientSecret, clientSecret: hunter2, nonsense: x}',
    '{nonsense: x, credential: clientSecret, "clientSecret": "hunter2"}',
    "{nonsense: x, credential: clientCertificate, certificatePassword: 'hunter2'}",
    '{credential: clientSecret, clientSecret: hunter2, nonsense: [}',
  ])('are covered on the line of another mistake: %s', async (entry) => {
    const { diagnostics } = await loadText(`${valid}auth:\n  ${tenant}: ${entry}\n`)
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(JSON.stringify(diagnostics) + diagnostics.map(render).join()).not.toContain('hunter2')
  })
})

describe('paths', () => {
  const signed = async (path: string) => {
    const directory = await folder({})
    await mkdir(join(directory, 'below'))
    await writeFile(
      join(directory, 'below', 'one.yaml'),
      `${valid}certificate: {source: csr, signedFile: ${JSON.stringify(path)}}`,
    )
    const { deployments } = await load({ files: ['below/one.yaml'], env: {}, directory })
    const certificate = deployments[0]?.configuration.certificate
    return { file: certificate?.source === 'csr' ? certificate.signedFile : undefined, below: join(directory, 'below') }
  }

  it.each(['./cert/hma.cer', '.\\cert\\hma.cer', 'cert/../cert/hma.cer'])(
    '%s starts from the folder of the file',
    async (path) => {
      const { file, below } = await signed(path)
      expect(file).toBe(join(below, 'cert', 'hma.cer'))
    },
  )

  it.each(['C:\\certs\\hma.cer', '\\\\server\\share\\hma.cer'])('%s is unchanged', async (path) => {
    expect((await signed(path)).file).toBe(path)
  })
})

describe('files', () => {
  const named = (name: string) =>
    valid
      .replace('name: contoso', `name: ${name}`)
      .replace('kv-contoso-mail', `kv-${name}`)
      .replace('contoso.crm4', `${name}.crm4`)

  const names = async (files: readonly string[]) => {
    const directory = await folder({ 'b.yaml': named('b'), 'a.yml': named('a'), 'c.txt': named('c'), '.d.yaml': named('d') })
    const { deployments, diagnostics } = await load({ files, env: {}, directory })
    return [...deployments.map(({ configuration, file }) => `${file} ${configuration.name}`), ...diagnostics.map(render)]
  }

  it.each([
    [['.'], ['a.yml a', 'b.yaml b']],
    [['*.y*ml'], ['a.yml a', 'b.yaml b']],
    [['{b,c}.*'], ['b.yaml b', 'c.txt c']],
    [
      ['b.yaml', 'a.yml', '.', './b.yaml'],
      ['b.yaml b', 'a.yml a'],
    ],
    [
      ['nope.yaml', 'a.yml'],
      ['a.yml a', expect.stringMatching(/^nope\.yaml:1:1 error There is no such file or folder\./)],
    ],
    [['*.json'], [expect.stringMatching(/^\*\.json:1:1 error No file matches\./)]],
    [[], [expect.stringMatching(/^hma\.config\.yaml:1:1 error There is no hma\.config\.yaml in this folder\./)]],
    [[''], [expect.stringMatching(/^--file:1:1 error The path is empty\./)]],
    [['-'], [expect.stringMatching(/^-:1:1 error hma does not read a configuration from standard input\./)]],
  ])('%j', async (files, found) => {
    expect(await names(files)).toEqual(found)
  })

  it('a folder without a configuration says so', async () => {
    const { diagnostics } = await load({ files: ['.'], env: {}, directory: await folder({ 'a.txt': 'x' }) })
    expect(diagnostics.map(({ message }) => message)).toEqual(['There is no .yaml or .yml file in this folder.'])
  })

  it('a name used in two files points to the other place', async () => {
    const directory = await folder({ 'a.yaml': named('a'), 'b.yaml': `# a comment\n${named('b').replace('name: b', 'name: a')}` })
    const { diagnostics, deployments } = await load({ files: ['.'], env: {}, directory })
    expect(diagnostics.map(({ file, line, message }) => [file, line, message])).toEqual([
      ['b.yaml', 3, 'Another deployment has this name: a.yaml:2:7.'],
    ])
    // It is unknown which is right, so neither continues.
    expect(deployments).toEqual([])
  })
})

describe('text', () => {
  it.each([
    ['a byte order mark', Buffer.from(`\ufeff${valid}`)],
    ['line ends of Windows', Buffer.from(valid.replaceAll('\n', '\r\n'))],
    ['carriage returns alone', Buffer.from(valid.replaceAll('\n', '\r'))],
    ['UTF-16, as Windows PowerShell writes it', Buffer.from(`\ufeff${valid}`, 'utf16le')],
    ['documents with nothing in them', Buffer.from(`---\n# nothing\n---\n${valid}---\n...\n`)],
    ['a tab before a comment', Buffer.from(valid.replace('rg-mail', 'rg-mail\t# here'))],
  ])('with %s is read', async (_, bytes) => {
    const { deployments, diagnostics } = await loadText(bytes)
    expect(diagnostics).toEqual([])
    expect(deployments.map(({ configuration }) => configuration.name)).toEqual(['contoso'])
  })

  it.each([
    ['', 'There is no configuration in this file.'],
    ['# only a comment\n', 'There is no configuration in this file.'],
    ['---\n---\n', 'There is no configuration in this file.'],
    [Buffer.from([0x6e, 0xff, 0xfe, 0x80]), 'The file is not text in UTF-8.'],
    ['#'.repeat(1024 * 1024 + 1), 'The file cannot be read: it is larger than 1 MiB.'],
    ['- '.repeat(20_000), 'The document is nested too deeply.'],
    ['['.repeat(100_000), 'The document is nested too deeply.'],
    ['just text', 'A deployment must be a block of keys.'],
  ])('%#: without a configuration, says so and ends', async (bytes, message) => {
    const { deployments, diagnostics } = await loadText(bytes)
    expect(deployments).toEqual([])
    expect(diagnostics.map((one) => one.message)).toEqual([message])
  })

  it('reports the first of thousands of mistakes', async () => {
    const { diagnostics } = await loadText(valid + Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n'))
    expect(diagnostics).toHaveLength(101)
    expect(diagnostics[0]?.message).toBe('4900 more mistakes are not shown.')
  })
})
