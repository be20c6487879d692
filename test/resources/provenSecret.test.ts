import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenDeployment, openDeployment, type Wire } from '../support/deployment.ts'

let here: OpenDeployment
beforeEach(async () => {
  here = await openDeployment({ copy: true })
})
afterEach(() => here.close())

/** What one process asks, and what happens before it has the answer to its first sign-in with a new secret. */
function watched(beforeFirstProof = async (): Promise<void> => {}) {
  const asked: string[] = []
  let proofs = 0
  const wire: Wire = (transport) => ({
    ...transport,
    async send(request) {
      const { hostname, pathname } = new URL(request.url)
      const isProof = /\/token$/.test(request.url)
      if (isProof && proofs++ === 0) await beforeFirstProof()
      asked.push(isProof ? 'proof' : `${request.method} ${hostname}${pathname}`)
      return transport.send(request)
    },
  })
  return { asked, wire }
}

const isKeptOrHeld = (one: string): boolean => /\/secrets\/|\/emailserverprofiles$|\/managedidentities\(/.test(one)
const writesSecret = (one: string): boolean => /^(PUT|PATCH) .*(\/secrets\/|\/managedidentities\()/.test(one)

test('while a new secret is being tested, only KV-App is read; everything else is read before delivery', async () => {
  const { asked, wire } = watched()
  await (await here.process(wire)).apply()
  const made = asked.findIndex((one) => one.endsWith('/addPassword'))
  const [first = 0, second = 0, third = 0, ...more] = asked.flatMap((one, index) => (one === 'proof' ? [index] : []))
  expect([made < first, more]).toEqual([true, []])
  expect(asked.slice(made, second).filter(isKeptOrHeld)).toEqual([])
  expect(new Set(asked.slice(second, third).filter(isKeptOrHeld)).size).toBe(3)
  expect(asked.findIndex(writesSecret)).toBeGreaterThan(third)
})

test('a secret that another run delivered meanwhile stays, and our own is removed', async () => {
  const { asked, wire } = watched(async () => void (await (await here.process()).apply()))
  const { events } = await (await here.process(wire)).apply()
  expect(events.filter(({ type }) => type === 'failed')).toEqual([])
  expect(asked.filter(writesSecret)).toEqual([])
  expect(asked.filter((one) => one.endsWith('/removePassword')).length).toBe(1)
  expect((await here.plan()).filter(({ action }) => action !== 'none')).toEqual([])
  expect(here.sandbox.violations).toEqual([])
})
