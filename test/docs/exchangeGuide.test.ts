import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { oldestBuilds } from '../../src/proof/exchangeBuilds.ts'
import { setupScript } from '../../src/resources/exchangeSetup.ts'
import { ids } from '../support/deployment.ts'
import { ewsUrl, organization, server } from '../support/organizations.ts'
import { runScript } from '../support/shell/shell.ts'

const guide = await readFile(join(import.meta.dirname, '../../docs/guides/exchange-prerequisites.md'), 'utf8')

test('the guide shows what the script prints', async () => {
  const script = setupScript({
    ...{ path: 'exchange-setup.ps1', deployment: 'contoso', ewsUrl, tenantId: ids.exchangeTenant, minimums: oldestBuilds },
    signInHosts: ['login.microsoftonline.com', 'login.windows.net'],
  })
  const servers = [server({ offloading: true }), server({ name: 'EX02', oauth: false })]
  const { lines } = await runScript(script ?? '', organization({ clientProfile: false, servers }))
  const shown = /<!-- checked by [^>]*-->\n```text\n([\s\S]*?)```/.exec(guide)?.[1]
  expect(`${lines.slice(0, -1).join('\n')}\n`).toBe(shown)
})
