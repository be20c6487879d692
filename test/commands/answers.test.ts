import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SandboxControl } from '../../src/commands/commandLine/commandContext.ts'
import { duration } from '../../src/commands/duration.ts'
import { Cloud, node } from '../support/mapCloud.ts'
import { type Deployment, run } from './runOverMapClouds.ts'

const toy = (rest: Partial<Deployment> = {}): Deployment => ({
  name: 'toy',
  nodes: [node('toy/a', { name: 'a', size: 1 }), node('toy/b', { name: 'b', upstreamId: { $ref: 'toy/a', field: 'id' } })],
  cloud: new Cloud(),
  ...rest,
})

describe('output', () => {
  test('prints every value of each deployment', async () => {
    const deployment = toy()
    await run('apply --yes', { deployments: [deployment] })
    const { code, stdout } = await run('output', { deployments: [deployment] })
    expect([code, stdout]).toEqual([
      0,
      'toy\n  size                  1\n  keyVaultClientSecret  keyvault:s/1\n  profileId             (none)\n',
    ])
  })

  test('prints one value, and the secret only with --reveal', async () => {
    const deployments = [toy({ secret: 'hush' })]
    expect((await run('output keyVaultClientSecret', { deployments })).stdout).toBe('keyvault:s/1\n')
    expect((await run('output keyVaultClientSecret --reveal', { deployments })).stdout).toBe('hush\n')
    expect(JSON.parse((await run('output --json --reveal', { deployments })).stdout)).toMatchObject({
      toy: { keyVaultClientSecret: 'hush' },
    })
  })

  test('refuses a secret that no vault keeps, and an unknown name', async () => {
    const secret = await run('output --reveal', { deployments: [toy()] })
    expect(secret.code).toBe(1)
    expect(secret.stderr).toContain('keyVaultApp.clientSecret.vaultSecretName')
    const { code, stdout, stderr } = await run('output toString', { deployments: [toy()] })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('toy: Unknown output "toString"')
    expect(stderr).not.toContain('Did you mean')
    expect(stderr).toContain('The outputs are size, keyVaultClientSecret, profileId.')
  })
})

describe('graph', () => {
  test('as mermaid, and as dot', async () => {
    expect((await run('graph', { deployments: [toy()] })).stdout).toContain(
      '    n0["a (thing)"]\n    n1["b (thing)"]\n  end\n  n0 --> n1\n',
    )
    expect((await run('graph --format dot', { deployments: [toy()] })).stdout).toMatch(
      /^digraph hma \{\n[\s\S]* {2}n0 -> n1\n\}\n$/,
    )
  })

  test('a cycle is an error', async () => {
    const nodes = [node('toy/a', { name: 'a' }, { after: ['toy/b'] }), node('toy/b', { name: 'b' }, { after: ['toy/a'] })]
    const { code, stderr } = await run('graph', { deployments: [toy({ nodes })] })
    expect(code).toBe(1)
    expect(stderr).toContain('These resources wait for each other: toy/a → toy/b → toy/a')
  })
})

test('schema prints a JSON Schema', async () => {
  const { code, stdout } = await run('schema')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' })
})

describe('validate', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hma-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('what is wrong, with its place, and the exit code 1', async () => {
    await writeFile(join(directory, 'hma.config.yaml'), 'apiVersion: hma/v1\nname: contoso\nkeyVualt: {}\n')
    const { code, stdout } = await run('validate', { directory })
    expect(code).toBe(1)
    expect(stdout).toMatch(/hma\.config\.yaml:3:1 error /)
    expect(stdout).toMatch(/\d+ errors in the configuration\.\n$/)
    const data = JSON.parse((await run('validate --json', { directory })).stdout)
    expect(data).toMatchObject({ valid: false })
    expect(data.diagnostics).toContainEqual(expect.objectContaining({ severity: 'error', line: 3, column: 1 }))
  })

  test('the requested deployments only', async () => {
    const good = await readFile(join(import.meta.dirname, '../../examples/minimal/hma.config.yaml'), 'utf8')
    const [, name = ''] = /^name: ([\w-]+)/m.exec(good) ?? []
    await writeFile(join(directory, 'hma.config.yaml'), `${good}\n---\napiVersion: hma/v1\nname: wrong\nkeyVualt: {}\n`)
    const validate = (line: string) => run(`validate ${line}`, { directory })
    expect(await validate(`--only ${name}`)).toMatchObject({ code: 0, stdout: '1 deployment in 1 file is valid.\n' })
    expect(await validate('--only wrong')).toMatchObject({ code: 1, stdout: expect.stringContaining('keyVualt') })
    const mistyped = await validate(`--only ${name} --only wrogn`)
    expect([mistyped.code, mistyped.stderr]).toEqual([1, expect.stringContaining('No deployment is named wrogn')])
  })

  test('what is right', async () => {
    const { code, stdout } = await run('validate -f examples/minimal', { directory: join(import.meta.dirname, '../..') })
    expect([code, stdout]).toEqual([0, '1 deployment in 1 file is valid.\n'])
  })
})

describe('sandbox', () => {
  const endpoints = { authorityHost: 'a', resourceManager: 'b', graph: 'c', keyVaultSuffix: 'd', dataverse: 'e', exchange: 'f' }
  const ready = { port: 9443, caFile: 'ca.pem', endpoints, principals: [] }
  const tenantId = '11111111-1111-1111-1111-111111111111'
  const principals = [
    { tenantId, clientId: 'one', clientSecret: "it's", rights: 'owner' },
    { tenantId, clientId: 'two', clientSecret: 'read', rights: 'reader' },
  ] as const
  const running = {
    port: 9443,
    caFile: '/tmp/ca.pem',
    login: 'login.microsoftonline.com',
    principals,
    subscriptions: [{ id: 'sub', tenantId }],
  }
  const served: unknown[] = []
  let press = (): void => {}
  const sandbox: SandboxControl = {
    serve: async ({ port, signal }) => {
      served.push(port)
      setImmediate(() => press())
      return { ready, closed: new Promise((resolve) => signal.addEventListener('abort', () => resolve(2))) }
    },
    advance: async (milliseconds) => new Date(milliseconds),
    reset: async () => void served.push('reset'),
    running: () => running,
  }

  test('serves until a stop signal', async () => {
    const keyboard = (key: () => void): void => {
      press = key
    }
    const { code, stdout, stderr } = await run('sandbox --json --port 9443', { sandbox, keyboard })
    expect([code, JSON.parse(stdout), served.pop()]).toEqual([0, ready, 9443])
    expect(stderr).toContain('Sign-in through a profile broke 2 times although it had worked.')
  })

  test('env prints variables for each shell, for the requested principal', async () => {
    const { stdout } = await run('sandbox env', { sandbox })
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        "export HTTPS_PROXY='http://127.0.0.1:9443'",
        "export ARM_CLIENT_SECRET='it'\\''s'",
        "export SSL_CERT_FILE='/tmp/ca.pem'",
      ]),
    )
    expect((await run('sandbox env --shell fish', { sandbox })).stdout).toContain("set -gx AZURE_CLIENT_SECRET 'it\\'s'\n")
    expect((await run('sandbox env --shell pwsh', { sandbox })).stdout).toContain("$env:AZURE_CLIENT_SECRET = 'it''s'\n")
    const json = JSON.parse((await run('sandbox env --shell json --rights reader', { sandbox })).stdout)
    expect(json).toMatchObject({ AZURE_CLIENT_ID: 'two', ARM_SUBSCRIPTION_ID: 'sub', REQUESTS_CA_BUNDLE: '/tmp/ca.pem' })
    expect(json).not.toHaveProperty('AZURE_AUTHORITY_HOST')
    const other = await run('sandbox env --tenant 99999999-9999-9999-9999-999999999999', { sandbox })
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining(tenantId)])
  })

  test('advance and reset', async () => {
    expect((await run('sandbox advance 1d12h', { sandbox })).stdout).toBe('It is 1970-01-02T12:00:00.000Z in the sandbox.\n')
    expect((await run('sandbox advance 1d --json', { sandbox })).stdout).toBe('{"now":"1970-01-02T00:00:00.000Z"}\n')
    expect((await run('sandbox reset', { sandbox })).code).toBe(0)
    expect(served.pop()).toBe('reset')
    expect(await run('sandbox advance soon', { sandbox })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"soon" is not a duration'),
    })
  })
})

describe('a duration', () => {
  test.each([
    ['30s', 30_000],
    ['90m', 5_400_000],
    ['12h', 43_200_000],
    ['335d', 28_944_000_000],
    ['2w', 1_209_600_000],
    ['1d 12h', 129_600_000],
  ])('%s', (text, milliseconds) => {
    expect(duration(text)).toBe(milliseconds)
  })

  test.each(['', '0d', '12', 'd', '-1d', '1.5h', '1y', '1d!', '99999999w'])('not "%s"', (text) => {
    expect(() => duration(text)).toThrow('is not a duration')
  })
})
