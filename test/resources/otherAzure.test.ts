import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenDeployment, openDeployment, type Wire, writes } from '../support/deployment.ts'

/**
 * An Azure that means the same and writes it differently. Services promise neither the case of a GUID nor the form of a date, the order of
 * properties or which unknown ones there are, and not all of them show what hma would like to see.
 */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type Rewrite = (value: Json, name: string) => Json

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function everywhere(rewrite: Rewrite, value: Json, name = ''): Json {
  const changed = rewrite(value, name)
  if (Array.isArray(changed)) return changed.map((one) => everywhere(rewrite, one, name))
  if (!isObject(changed)) return changed
  return Object.fromEntries(Object.entries(changed).map(([key, one]) => [key, everywhere(rewrite, one, key)]))
}

const text =
  (is: RegExp, change: (value: string) => string): Rewrite =>
  (value) =>
    typeof value === 'string' && is.test(value) ? change(value) : value
const object =
  (change: (value: { readonly [name: string]: Json }, name: string) => Json): Rewrite =>
  (value, name) =>
    isObject(value) ? change(value, name) : value

const later = (value: string): string => new Date(Date.parse(value) + 7_200_000).toISOString().replace('Z', '+02:00')
const isEmpty = (value: Json): boolean => Array.isArray(value) && value.length === 0
const entries = (value: { readonly [name: string]: Json }, change: (entry: [string, Json]) => [string, Json][]): Json =>
  Object.fromEntries(Object.entries(value).flatMap(change))

const dialects: readonly Rewrite[] = [
  // GUIDs in upper case.
  text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, (value) => value.toUpperCase()),
  // Ids of resources in upper case.
  text(/^\/subscriptions\//, (value) => value.toUpperCase()),
  // Dates in another time zone.
  text(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, later),
  // Regions by their display name.
  (value, name) => (name === 'location' ? 'West Europe' : value),
  // Properties in another order, and unknown ones.
  object((value, name) => ({
    ...(name !== 'tags' && { '@odata.etag': 'W/"1"', unknown: [null, 1] }),
    ...Object.fromEntries(Object.entries(value).reverse()),
  })),
  // Credentials without their key.
  (value, name) =>
    name === 'keyCredentials' && Array.isArray(value)
      ? value.map((one) => (isObject(one) ? entries(one, ([key, own]) => (key === 'key' ? [] : [[key, own]])) : one))
      : value,
  // Without what can be concluded from the rest.
  object((value) => entries(value, ([name, one]) => (['x5t', 'uniqueName', 'updated'].includes(name) ? [] : [[name, one]]))),
  // Nothing where there is null.
  object((value) => entries(value, ([name, one]) => (one === null ? [] : [[name, one]]))),
  // Null where a list is empty.
  object((value) => entries(value, ([name, one]) => [[name, isEmpty(one) && name !== 'value' ? null : one]])),
]

const speaking: Wire = (transport) => ({
  ...transport,
  async send(request) {
    const answer = await transport.send(request)
    const speaks = answer.headers['content-type']?.includes('json') && !new URL(request.url).host.startsWith('login.')
    if (!speaks) return answer
    const body: Json = JSON.parse(answer.body)
    return { ...answer, body: JSON.stringify(dialects.reduce((value, rewrite) => everywhere(rewrite, value), body)) }
  },
})

let here: OpenDeployment
beforeAll(async () => {
  here = await openDeployment({ copy: true })
})
afterAll(() => here.close())

async function nothingLeft(): Promise<void> {
  const before = here.sandbox.log.length
  const { changes } = await (await here.process(speaking)).apply()
  expect(changes.filter(({ action }) => action !== 'none')).toEqual([])
  expect(writes(here.sandbox.log.slice(before))).toEqual([])
}

test('an Azure that formats everything differently converges once and is renewed', async () => {
  for (const rotate of [undefined, 'certificate', 'clientSecret'] as const) {
    const { events } = await (await here.process(speaking)).apply(rotate && { rotate })
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    await nothingLeft()
    // Which of two versions of one second a vault serves is unclear.
    here.sandbox.advance(1000)
  }
  expect(here.sandbox.violations).toEqual([])
})
