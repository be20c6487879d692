import { afterAll, beforeAll, expect, test } from 'vitest'
import { clouds } from '../../src/azure/cloud.ts'
import { createTransport, type Transport, type TransportOptions } from '../../src/azure/transport.ts'
import { transportOfFleet } from '../../src/azure/transportOfFleet.ts'
import { type Stage, stage } from '../support/deployment.ts'

let at: Stage
let options: TransportOptions
let common: Transport

beforeAll(async () => {
  at = await stage({ create: false })
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

test('a deployment that rested is reached again, and those that share the hosts of the cloud never notice', async () => {
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
