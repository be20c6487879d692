import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { mailTenant, principal, seed, startSandbox, vaultTenant } from '../support/sandbox.ts'

/** The output of a program, a line for each step: ../clients/run.mjs. */
interface Step {
  readonly client: string
  readonly version: string
  readonly step: string
  readonly failure?: string
}

let sandbox: Sandbox
let folder: string
let steps: readonly Step[]
beforeAll(async () => {
  sandbox = await startSandbox({ settings: { registeringDns: 0 } })
  folder = await mkdtemp(join(tmpdir(), 'clients-'))
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, sandbox.caPem)
  const program = join(import.meta.dirname, '..', '..', 'clients', 'run.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...environment(ca) },
  })
  steps = stdout
    .trim()
    .split('\n')
    .map((line): Step => JSON.parse(line))
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

/** Microsoft's own names, by way of the proxy: the variables of `hma sandbox env`, and where things are. */
function environment(ca: string): Record<string, string> {
  const [owner, mail] = [principal(sandbox, vaultTenant), principal(sandbox, mailTenant)]
  return {
    HTTPS_PROXY: `http://127.0.0.1:${sandbox.port}`,
    NODE_EXTRA_CA_CERTS: ca,
    AZURE_TENANT_ID: owner.tenantId,
    AZURE_CLIENT_ID: owner.clientId,
    AZURE_CLIENT_SECRET: owner.clientSecret,
    AZURE_SUBSCRIPTION_ID: seed.deployments[0]?.vault.subscriptionId ?? '',
    SANDBOX_VAULT: 'https://kv-contoso-mail.vault.azure.net',
    SANDBOX_DATAVERSE: seed.deployments[0]?.dynamics?.environmentUrl ?? '',
    SANDBOX_EWS: seed.deployments[0]?.exchange.ewsUrl ?? '',
    SANDBOX_MAILBOX: seed.deployments[0]?.exchange.testMailbox ?? '',
    SANDBOX_MAIL_TENANT: mail.tenantId,
    SANDBOX_MAIL_ID: mail.clientId,
    SANDBOX_MAIL_SECRET: mail.clientSecret,
  }
}

test('every step of every client works, by nothing but the variables of the front door', () => {
  expect(steps.filter(({ failure }) => failure !== undefined)).toEqual([])
  expect(steps.length).toBeGreaterThan(25)
})

test('the README tells of them (`npm run clients` writes it)', async () => {
  const readme = join(import.meta.dirname, '..', '..', 'README.md')
  const [before, rest = ''] = (await readFile(readme, 'utf8')).split(begin)
  const after = rest.slice(rest.indexOf(end))
  await expect(`${before}${begin}\n${table()}${after}`).toMatchFileSnapshot(readme)
})

const begin = '<!-- what npm run clients found -->'
const end = '<!-- end of it -->'

/** What works, a row for each client. */
function table(): string {
  const names = [...new Set(steps.map(({ client, version }) => `${client} ${version}`))]
  const rows = names.map((name) => {
    const own = steps.filter(({ client, version, failure }) => `${client} ${version}` === name && failure === undefined)
    return `| ${name} | ${own.map(({ step }) => step).join('; ')} |\n`
  })
  return `| client | what it does here |\n|---|---|\n${rows.join('')}`
}
