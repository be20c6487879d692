import { afterAll, beforeAll, expect, test } from 'vitest'
import { clouds } from '../../src/azure/cloud.ts'
import { transportOfFleet } from '../../src/azure/http/fleet.ts'
import { createTransport, type Transport, type TransportOptions } from '../../src/azure/http/transport.ts'
import type { Kinds } from '../../src/core/kind.ts'
import { survey } from '../../src/core/survey.ts'
import { commonTransports, connect } from '../../src/session/connections.ts'
import { makeTarget } from '../../src/session/deployment.ts'
import { configuration, type OpenDeployment, openDeployment, yaml } from '../support/deployment.ts'
import { signIns } from '../support/signIns.ts'

let at: OpenDeployment
let options: TransportOptions
let common: Transport

beforeAll(async () => {
  at = await openDeployment({ create: false })
  const { sandbox } = at
  options = {
    caPems: [sandbox.caPem],
    route: (host) => (sandbox.knows(host) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
  }
  common = createTransport(options)
})

afterAll(async () => {
  await common.close()
  await at.close()
})

const get = (url: string) => ({ method: 'GET', url, headers: {} })
const ofVault = get('https://kv-contoso-mail.vault.azure.net/certificates?api-version=2025-07-01')
const ofGraph = get(`${clouds.public.graph}/v1.0/applications`)

test('a released deployment reconnects, without affecting others that share its hosts', async () => {
  const [one, other] = [1, 2].map(() => transportOfFleet(clouds.public, common, options))
  if (!one || !other) throw new Error('There are two.')
  const statuses = async () => [(await one.send(ofVault)).status, (await one.send(ofGraph)).status]
  expect(await statuses()).toEqual([401, 401])
  const meanwhile = other.send(ofGraph)
  await one.rest()
  expect((await meanwhile).status).toBe(401)
  expect(await statuses()).toEqual([401, 401])
  await Promise.all([one.close(), other.close()])
})

test('a disconnected deployment stays signed in, a released one is rebuilt, and earlier references still work', async () => {
  await at.apply()
  const { sandbox } = at
  const commons = commonTransports(options)
  const written = await configuration(yaml({ create: false }))
  const connected = await connect(written, {
    ...{ transport: options, common: commons.trusting, fleet: true, auth: signIns(sandbox, 'owner'), version: '0' },
    identityEndpoints: [],
    prompt: () => {},
    signingIn: () => () => {},
    machineNow: () => Date.now(),
  })
  const seen = { directory: '.', sandbox: true, signal: new AbortController().signal, now: () => sandbox.now() }
  const target = await makeTarget(written, connected, seen)
  const look = (kinds: Kinds) => survey(target.nodes, kinds, { now: sandbox.now(), owner: target.name, signal: seen.signal })

  const before = target.kinds
  const world = await look(before)
  expect(world.size).toBeGreaterThan(6)
  const askedForTokens = () => sandbox.log.filter(({ service }) => service === 'login').length
  const tokens = askedForTokens()
  await target.disconnect()
  expect(await look(target.kinds)).toEqual(world)
  expect([target.kinds === before, askedForTokens()]).toEqual([true, tokens])
  await target.rest()
  expect(target.kinds).not.toBe(before)
  expect(await look(target.kinds)).toEqual(world)
  await target.rest()
  expect(await look(before)).toEqual(world)
  await Promise.all([connected.close(), commons.close()])
})
