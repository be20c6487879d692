import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { signInError, wordsOf } from '../../src/azure/credentials/signInError.ts'
import { refused, unreached } from '../../src/azure/errors/azureError.ts'
import type { Service } from '../../src/azure/errors/problem.ts'
import { exchangeClient } from '../../src/azure/exchange/client.ts'
import { AttemptEnded } from '../../src/azure/http/attempt.ts'
import { createTransport } from '../../src/azure/http/transport.ts'
import { Unreachable } from '../../src/azure/http/unreachable.ts'
import { readBytes } from '../../src/config/read/bytes.ts'
import { HmaError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secret.ts'
import { chain } from '../../src/proof/chain.ts'
import { challenge } from '../../src/proof/challenge.ts'
import { passed } from '../../src/proof/finding.ts'
import { inboxRefusal } from '../../src/proof/inboxRefusal.ts'
import { type Reply, serve } from '../azure/server.ts'
import { instantTimer } from '../support/timer.ts'
import { greetings, inbox } from './exchangeCases.ts'
import { type Answer, answers, connections, signIns } from './refusalCases.ts'

interface Entry {
  readonly when: string
  readonly says: string
  readonly hint: string | undefined
}

const told = (when: string, error: unknown): Entry => {
  if (!(error instanceof HmaError)) throw error
  return { when, says: `${error.message} [${error.errorCode}]`, hint: error.hint }
}

function ofService(service: Exclude<Service, 'login' | 'exchange'>): readonly Entry[] {
  const { host, ...asked } = answers[service]
  const entry = ([status, codes, message, headers = {}]: Answer): Entry => {
    const [code, inner] = codes.split('/')
    const error = { code, message, ...(inner && { innererror: { code: inner } }) }
    const body = code === '' && message === '' ? '' : JSON.stringify({ error })
    return told(`${status} ${codes}`.trim(), refused({ service, ...asked }, `https://${host}/x`, { status, headers, body }))
  }
  return asked.answers.map(entry)
}

const tenantId = '11111111-1111-1111-1111-111111111111'
const codeOf = (text: string): string => /AADSTS\d+/.exec(text)?.[0] ?? text

const operator = signIns.map((text) =>
  told(codeOf(text), signInError(wordsOf({ credential: 'azureCli' }, tenantId), new Error(text))),
)
const app = signIns.map((text) =>
  told(
    codeOf(text),
    signInError({ doing: 'sign in as HMA-App', identity: { tenantId, app: 'HMA-App' }, unavailable: '' }, new Error(text)),
  ),
)
const elsewhere = told(
  '404, JSON without error',
  refused({ service: 'login', doing: `look for tenant ${tenantId}` }, 'https://login.contoso.com/x', {
    status: 404,
    headers: {},
    body: '{"message":"no Route matched"}',
  }),
)
const notSignedIn = (['default', 'azureCli', 'azurePowerShell'] as const).map((credential) =>
  told(
    `no ${credential}`,
    signInError(
      wordsOf({ credential }, tenantId),
      Object.assign(new Error('Please run az login'), { name: 'CredentialUnavailableError' }),
    ),
  ),
)

const connectionEntries = (service: 'graph' | 'exchange'): readonly Entry[] =>
  connections.map((code) => {
    const cause = code === 'TIMED_OUT' || code === 'ANSWER_TOO_LONG' ? new AttemptEnded(code, 'a limit of hma') : new Error(code)
    const host = service === 'graph' ? 'graph.microsoft.com' : 'mail.contoso.com'
    const failure = new Unreachable(code, host, cause, { attempts: 5, milliseconds: 31_000 })
    return told(code, unreached({ service, doing: 'ask' }, failure))
  })

const ewsUrl = 'https://graph.contoso.example/EWS/Exchange.asmx'

async function exchangeAt(reply: Reply) {
  const server = await serve(() => reply)
  const transport = createTransport({ caPems: [server.caPem], route: server.route, timer: instantTimer(), random: () => 0 })
  onTestFinished(() => transport.close())
  return exchangeClient(transport)
}

async function opened(when: string, reply: Reply): Promise<Entry> {
  const opening = await (await exchangeAt(reply)).openInbox(ewsUrl, new Secret('a-token-of-length'), 'svc@contoso.com')
  if (opening.opened) throw new Error(`${when} opens the inbox`)
  const { detail, hint } = inboxRefusal(opening, 'svc@contoso.com', ewsUrl)
  return { when, says: detail.replaceAll(/request [0-9a-f-]{36}/g, 'request …'), hint }
}

async function greeted(when: string, reply: Reply): Promise<Entry> {
  const greeting = await (await exchangeAt(reply)).greet(ewsUrl)
  const subject = { ewsUrl, signInHosts: [], hmaApp: { tenantId, key: { appId: 'a' } } }
  const { detail, hint } = await challenge(
    subject,
    chain(() => undefined).step('tls', async () => passed('', greeting)),
  )
  return { when, says: detail, hint }
}

async function files(): Promise<readonly Entry[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hma-refusals-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'long'), Buffer.alloc(2_000_000))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  const paths = { 'a folder': '', 'too long': 'long', 'a pipe': 'pipe', 'a path through a file': 'long/x' }
  const found = Object.entries(paths).map(([when, name]) =>
    readBytes(join(folder, name), 'hma.cer').then(
      () => ({ when, says: 'it is read', hint: undefined }),
      (error: unknown) => told(when, error),
    ),
  )
  return Promise.all(found)
}

const section = (title: string, entries: readonly Entry[]): string =>
  [`## ${title}`, ...entries.map(({ when, says, hint }) => `${when}\n  ${says}\n  → ${hint ?? '(no advice)'}`)].join('\n\n')

test.skipIf(process.platform === 'win32')('what the user reads for each refusal', async () => {
  const sections: readonly (readonly [string, readonly Entry[]])[] = [
    ['Microsoft Graph', ofService('graph')],
    ['Key Vault', ofService('keyVault')],
    ['Azure Resource Manager', ofService('resourceManager')],
    ['Dataverse', ofService('dataverse')],
    ['Sign-in', [...operator, elsewhere, ...notSignedIn]],
    ['Sign-in of HMA-App', app],
    [
      'Exchange, and devices before it: the inbox',
      await Promise.all(Object.entries(inbox).map(([when, reply]) => opened(when, reply))),
    ],
    [
      'Exchange, and devices before it: an empty token',
      await Promise.all(Object.entries(greetings).map(([when, reply]) => greeted(when, reply))),
    ],
    ['Connections to Microsoft', connectionEntries('graph')],
    ['Connections to Exchange', connectionEntries('exchange')],
    ['Files', await files()],
  ]
  const entries = sections.flatMap(([, list]) => list)
  expect(entries.length).toBeGreaterThanOrEqual(120)
  expect(entries.filter(({ says }) => /undefined|\[object/.test(says)).map(({ when }) => when)).toEqual([])
  await expect(`${sections.map(([title, list]) => section(title, list)).join('\n\n')}\n`).toMatchFileSnapshot('refusals.txt')
})
