import { afterAll, beforeAll, describe, test } from 'vitest'
import { differences, missingHeaders } from './compare.ts'
import { arrangements, named } from './dataPlane.ts'
import { type Example, examplesOf, operationOf } from './examples.ts'
import { adapted, graphExchanges, type Objects, registration } from './graph.ts'
import { capturedCalls, recordedLife } from './recorded.ts'
import { judged, request } from './replay.ts'
import { report } from './report.ts'
import { aboutAssignment, aboutOthers, aboutVault } from './resourceManager.ts'
import { absent, fields, haveSpecs } from './specs.ts'
import { type Place, place } from './world.ts'

if (!haveSpecs) process.stdout.write(`test/recordings/sandbox.test.ts ${absent}\n`)

describe.skipIf(!haveSpecs)('recordings, replayed against the sandbox', () => {
  const compared = report('recordings replayed to the sandbox')
  let at: Place
  beforeAll(async () => {
    at = await place()
  })
  afterAll(() => at.close())

  const dataPlane = ['keyvault/data-plane/7.5/certificates.json', 'keyvault/data-plane/7.5/secrets.json']
  const from = (files: readonly string[]): readonly Example[] => (haveSpecs ? files.flatMap(examplesOf) : [])

  describe('the data plane of a key vault', () => {
    test.each(from(dataPlane))('$name', async (example) => {
      const parameters = { ...example.parameters, ...named(example.operation) }
      const change = await arrangements[example.operation]?.(at, example.operation, parameters)
      if (change === undefined) return compared.take(example.name, ['not replayed'])
      const asked = request(example, { ...parameters, ...change.parameters }, change.body ?? parameters[example.body ?? ''])
      compared.take(example.name, judged(example, await at.vault(example.method, asked.path, asked.body)))
    })
  })

  const armParts = [
    ['vaults', aboutVault, ['keyvault/resource-manager/2023-07-01/keyvault.json']],
    ['role assignments', aboutAssignment, ['keyvault/authorization/2022-04-01/authorization-RoleAssignmentsCalls.json']],
    [
      'the rest of both providers',
      aboutOthers,
      [
        ...['secrets', 'providers'].map((one) => `keyvault/resource-manager/2023-07-01/${one}.json`),
        ...['RoleDefinitions', 'DenyAssignment'].map((one) => `keyvault/authorization/2022-04-01/authorization-${one}Calls.json`),
      ],
    ],
  ] as const
  describe.each(armParts)('Resource Manager: %s', (_part, arrange, files) => {
    test.each(from(files))('$name', async (example) => {
      const { parameters, body } = await arrange(at, example)
      const asked = request(example, { ...example.parameters, ...parameters }, body ?? example.parameters[example.body ?? ''])
      compared.take(example.name, judged(example, await at.arm(example.method, asked.path, asked.body)))
    })
  })

  describe('the life of a certificate in a real vault', () => {
    const life = haveSpecs ? recordedLife() : []
    test.each(life)('$name', async ({ name, method, path, body, status, headers, answer }) => {
      // The vault signs within seconds of its own clock.
      if (method === 'GET' && fields(answer).status !== 'inProgress') at.sandbox.advance(20_000)
      const answered = status === 401 ? await at.stranger(method, path) : await at.vault(method, path, body)
      const found =
        answered.status === status ? differences(answer, answered.json) : [`status: ${status}, here ${answered.status}`]
      compared.take(`recorded ${name}`, [...found, ...missingHeaders(headers, answered.headers)])
    })
  })

  describe('what the JavaScript SDKs send', () => {
    const known = from(dataPlane)
    let captured = 0
    test.each(haveSpecs ? capturedCalls() : [])('$name', async ({ name, method, path, body, status }) => {
      const operation = operationOf(known, method, path.replace(/\?.*/, ''))
      captured += 1
      const mine = `captured-${captured}`
      const change = status === 404 ? {} : await arrangements[operation]?.(at, mine, { parameters: body })
      const version = Object.values(change?.parameters ?? {})[0] ?? ''
      const there = path.replace(/\/(hma|cs|imp2?|gone|digicert)(?=[/?])/, `/${mine}`).replace('/v1?', `/${version}?`)
      const answered = status === 401 ? await at.stranger(method, there) : await at.vault(method, there, change?.body ?? body)
      compared.take(
        `captured ${name}`,
        answered.status === status ? [] : [`status: ${status}, here ${answered.status} ${answered.text.slice(0, 200)}`],
      )
    })
  })

  describe('Microsoft Graph', () => {
    let ours: Objects
    beforeAll(async () => {
      ours = await registration(at)
    })
    test.each(haveSpecs ? graphExchanges() : [])('$name', async (exchange) => {
      const { name, method, status, headers, answer, thenGet } = exchange
      const { path, body } = await adapted(at, exchange, ours)
      const answered = await at.graph(method, path, method === 'GET' ? undefined : body)
      const found =
        answered.status === status ? differences(answer ?? {}, answered.json) : [`status: ${status}, here ${answered.status}`]
      const later = thenGet === undefined ? {} : (await at.graph('GET', path)).json
      const after = thenGet === undefined ? [] : differences(fields(thenGet).keyCredentials, later.keyCredentials, 'later')
      compared.take(name, [...found, ...after, ...missingHeaders(headers, answered.headers)])
    })
  })
})
