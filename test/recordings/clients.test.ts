import { describe, expect, test } from 'vitest'
import { AzureError } from '../../src/azure/errors/azureError.ts'
import type { Reply } from '../azure/server.ts'
import { login, world } from '../azure/world.ts'
import { type Example, examplesOf } from './examples.ts'
import { graphExchanges } from './graph.ts'
import { certificateRead, graphReaders, type Reader, type Refused, readers, reads, refusals, saysOf } from './readers.ts'
import { recordedLife } from './recorded.ts'
import { report } from './report.ts'
import { absent, haveSpecs, isJson } from './specs.ts'

if (!haveSpecs) process.stdout.write(`test/recordings/clients.test.ts ${absent}\n`)

interface Answered {
  readonly status: number
  readonly body: unknown
}

/** How hma's reading of an answer differs from it; empty if it does not. */
async function reading(reader: Reader, answered: Answered): Promise<readonly string[]> {
  const { status, body } = answered
  // A creation is answered at once, and what the SDK asks then is answered with the same body.
  const statusFor = (method: string): number => (method === 'GET' && status === 202 ? 200 : status)
  // The next page of the example is on a host of its own.
  const shown = isJson(body) && 'nextLink' in body ? { ...body, nextLink: null } : body
  const at = await world(({ method }) => ({
    status: statusFor(method),
    ...(shown !== null && shown !== undefined && { body: shown }),
  }))
  try {
    const found = await reader.ask(at.clients)
    if (reader.read !== undefined) expect(found).toMatchObject(Object(reader.read(body)))
    return []
  } catch (error) {
    return [error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)]
  }
}

describe.skipIf(!haveSpecs)('recordings, replayed to the clients', () => {
  const compared = report('recordings replayed to the clients')

  const files = [
    ...['certificates', 'secrets'].map((one) => `keyvault/data-plane/7.5/${one}.json`),
    'keyvault/resource-manager/2023-07-01/keyvault.json',
    'keyvault/authorization/2022-04-01/authorization-RoleAssignmentsCalls.json',
  ]
  const answers = (haveSpecs ? files.flatMap(examplesOf) : [])
    .filter(({ operation }) => readers[operation] !== undefined)
    .flatMap((example: Example) => [...example.responses].map(([status, body]) => ({ ...example, status, body })))
  test.each(answers)('$name $status', async ({ name, operation, status, body }) => {
    const reader = readers[operation]
    if (reader !== undefined) compared.take(`${name} ${status}`, await reading(reader, { status, body }))
  })

  const life = haveSpecs ? recordedLife().filter(({ method, path }) => method === 'GET' && !path.includes('/pending')) : []
  test.each(life)('recorded $name', async ({ name, status, answer }) => {
    const reader: Reader = {
      ask: ({ keyVault }) => keyVault.certificate('https://kv-contoso.vault.lab.localhost', 'x'),
      read: certificateRead,
    }
    compared.take(`recorded ${name}`, await reading(reader, { status, body: answer }))
  })

  test.each(haveSpecs ? graphExchanges() : [])('Graph: $name', async ({ name, status, answer }) => {
    const reader = graphReaders[name]
    compared.take(
      `Graph: ${name}`,
      reader === undefined ? ['hma does not ask this'] : await reading(reader, { status, body: answer }),
    )
  })

  test.each(haveSpecs ? refusals() : [])('$service refuses: $name', async (refused) => {
    const { service, status, body, name } = refused
    const reply = (): Reply => ({ status, body })
    const at = await world(
      reply,
      service === 'login' ? { login: (request, all) => (request.method === 'GET' ? login(request, all) : reply()) } : {},
    )
    const failure: unknown = await reads[service](at.clients).catch((error: unknown) => error)
    compared.take(`${service} refuses: ${name}`, unread(failure, refused))
  })
})

/** The parts of a refusal that are missing in hma's error. */
function unread(failure: unknown, refused: Refused): readonly string[] {
  if (!(failure instanceof AzureError)) return [`no AzureError: ${String(failure)}`]
  const { codes, message } = saysOf(refused)
  const missing = codes.filter((code) => !failure.codes.includes(code)).map((code) => `code ${code} is lost`)
  const beginning =
    message
      .split(/[\r\n<{]|Trace ID/)[0]
      ?.trim()
      .slice(0, 60) ?? ''
  return [
    ...missing,
    ...(failure.status === refused.status ? [] : [`status: ${refused.status}, here ${failure.status}`]),
    ...(failure.reason.includes(beginning) ? [] : [`message: ${beginning}…, here ${failure.reason}`]),
  ]
}
