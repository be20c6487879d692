import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Loaded, load } from '../../src/config/load.ts'

/** A folder for one test, with these files in it. */
export async function folder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hma-config-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(path, name), text)))
  return path
}

/** The text as the one file of a working directory. */
export async function loadText(text: string | Uint8Array, env: Readonly<Record<string, string>> = {}): Promise<Loaded> {
  return load({ files: [], env, directory: await folder({ 'hma.config.yaml': text }) })
}

/** Eleven lines, so that what a test adds begins on line 12. */
export const valid = `apiVersion: hma/v1
name: contoso
keyVault:
  tenantId: 11111111-1111-1111-1111-111111111111
  subscriptionId: 33333333-3333-3333-3333-333333333333
  resourceGroup: rg-mail
  name: kv-contoso-mail
exchange:
  ewsUrl: https://mail.contoso.com/EWS/Exchange.asmx
dynamics:
  environmentUrl: https://contoso.crm4.dynamics.com
`
