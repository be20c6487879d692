import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { errorOf, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import type { Answer } from '../support/sandbox.ts'

// https://learn.microsoft.com/graph/delta-query-overview, and delta-query-groups for members

const { sandbox, client, signInAgain } = ownSandbox()

const v1 = 'https://graph.microsoft.com/v1.0'
const follow = (answer: Answer): Promise<Answer> => client('GET', String(answer.json['@odata.deltaLink']))
const group = async (body: object = {}) => {
  const named = { displayName: 'G', mailEnabled: false, mailNickname: 'g', securityEnabled: true, ...body }
  return String((await client('POST', `${v1}/groups`, named)).json.id)
}

describe.each(['applications', 'servicePrincipals', 'users', 'groups', 'oauth2PermissionGrants'])('%s', (collection) => {
  test.each(['delta', 'delta()', 'microsoft.graph.delta', 'microsoft.graph.delta()'])(
    '%s tells all there is, and then nothing',
    async (name) => {
      const all = await client('GET', `${v1}/${collection}/${name}`)
      const listed = await client('GET', `${v1}/${collection}`)
      expect(valuesOf(all).map(({ id }) => id)).toEqual(valuesOf(listed).map(({ id }) => id))
      const none = await follow(all)
      expect([none.status, none.json.value]).toEqual([200, []])
    },
  )
})

test('reports what was created, changed and removed since', async () => {
  const stays = (await client('POST', `${v1}/applications`, { displayName: 'stays' })).json.id
  const goes = (await client('POST', `${v1}/applications`, { displayName: 'goes' })).json.id
  const begun = await client('GET', `${v1}/applications/delta`)
  await client('PATCH', `${v1}/applications/${stays}`, { notes: 'changed' })
  await client('DELETE', `${v1}/applications/${goes}`)
  const made = (await client('POST', `${v1}/applications`, { displayName: 'made' })).json.id
  const next = await follow(begun)
  const told = new Map(valuesOf(next).map((one) => [one.id, one]))
  expect([...told.keys()].sort()).toEqual([stays, goes, made].sort())
  expect(told.get(stays)).toMatchObject({ displayName: 'stays', notes: 'changed' })
  expect(told.get(goes)).toEqual({ id: goes, '@removed': { reason: 'changed' } })
  await client('DELETE', `${v1}/directory/deletedItems/${goes}`)
  expect(valuesOf(await follow(next))).toEqual([{ id: goes, '@removed': { reason: 'deleted' } }])
})

test('only selected properties are tracked', async () => {
  const id = await group()
  const begun = await client('GET', `${v1}/groups/delta?$select=displayName&$filter=id eq '${id}'`)
  expect(begun.json['@odata.context']).toBe(`${v1}/$metadata#groups(displayName)`)
  expect(valuesOf(begun)).toEqual([{ id, displayName: 'G' }])
  await client('PATCH', `${v1}/groups/${id}`, { description: 'not selected' })
  const unchanged = await follow(begun)
  expect(unchanged.json.value).toEqual([])
  await client('PATCH', `${v1}/groups/${id}`, { displayName: 'H' })
  await client('PATCH', `${v1}/groups/${await group()}`, { displayName: 'another' })
  expect(valuesOf(await follow(unchanged))).toEqual([{ id, displayName: 'H' }])
})

test('reports members who joined and left', async () => {
  const [user] = valuesOf(await client('GET', `${v1}/servicePrincipals?$top=1`))
  const id = await group()
  const reference = { '@odata.id': `${v1}/directoryObjects/${user?.id}` }
  await client('POST', `${v1}/groups/${id}/members/$ref`, reference)
  const query = `$select=displayName&$expand=members&$filter=id eq '${id}'`
  const begun = await client('GET', `${v1}/groups/delta?${query}`)
  const member = { '@odata.type': '#microsoft.graph.servicePrincipal', id: user?.id }
  expect(valuesOf(begun)).toEqual([{ id, displayName: 'G', 'members@delta': [member] }])
  await client('DELETE', `${v1}/groups/${id}/members/${user?.id}/$ref`)
  const [gone] = valuesOf(await follow(begun))
  expect(gone?.['members@delta']).toEqual([{ ...member, '@removed': { reason: 'deleted' } }])
})

test('the last page has the delta link; changes made meanwhile are reported afterwards', async () => {
  for (let made = 0; made < 101; made += 1) await group()
  const first = await client('GET', `${v1}/groups/delta`)
  expect([first.json['@odata.deltaLink'], valuesOf(first).length]).toEqual([undefined, 100])
  const id = valuesOf(first)[0]?.id
  await client('PATCH', `${v1}/groups/${id}`, { displayName: 'meanwhile' })
  const rest = await client('GET', String(first.json['@odata.nextLink']))
  expect(valuesOf(rest).length).toBeGreaterThan(0)
  expect(valuesOf(await follow(rest)).map((one) => one.displayName)).toEqual(['meanwhile'])
})

test('from now on, if the client wants it so', async () => {
  const begun = await client('GET', `${v1}/groups/delta?$deltaToken=latest`)
  expect(begun.json.value).toEqual([])
  const id = await group()
  expect(valuesOf(await follow(begun)).map((one) => one.id)).toEqual([id])
})

// https://learn.microsoft.com/graph/api/directoryobject-delta
test('directory objects of several types, by type or by id', async () => {
  const id = await group()
  const types = "isof('microsoft.graph.group') or isof('microsoft.graph.servicePrincipal')"
  const begun = await client('GET', `${v1}/directoryObjects/delta?$filter=${types}&$select=displayName`)
  const rest = begun.json['@odata.nextLink'] === undefined ? begun : await client('GET', String(begun.json['@odata.nextLink']))
  const told = [...valuesOf(begun), ...valuesOf(rest)]
  expect(told).toContainEqual(expect.objectContaining({ '@odata.type': '#microsoft.graph.group', id }))
  expect(told.map((one) => one['@odata.type'])).toContain('#microsoft.graph.servicePrincipal')
  await client('DELETE', `${v1}/groups/${id}`)
  const made = await client('POST', `${v1}/applications`, { displayName: 'not asked for' })
  expect(valuesOf(await follow(rest))).toEqual([
    { '@odata.type': '#microsoft.graph.group', id, '@removed': { reason: 'deleted' } },
  ])
  const one = valuesOf(await client('GET', `${v1}/directoryObjects/delta?$filter=id eq '${made.json.id}'`))
  expect(one).toMatchObject([{ '@odata.type': '#microsoft.graph.application', displayName: 'not asked for' }])
  for (const query of ['', "?$filter=isof('microsoft.graph.device')", "?$filter=displayName eq 'x'"])
    expect([query, (await client('GET', `${v1}/directoryObjects/delta${query}`)).status]).toEqual([query, 400])
})

test('refuses what a delta query does not support', async () => {
  for (const query of ["$filter=displayName eq 'x'", '$orderby=displayName', '$top=1', '$expand=owners', '$deltatoken=x'])
    expect([query, (await client('GET', `${v1}/groups/delta?${query}`)).status]).toEqual([query, 400])
  expect((await client('GET', `${v1}/users/delta?$expand=members`)).status).toBe(400)
})

test('a token of seven days ago is worth nothing', async () => {
  const begun = await client('GET', `${v1}/users/delta?$select=displayName`)
  sandbox().advance(7 * 86_400_000)
  signInAgain()
  const refused = await follow(begun)
  expect([refused.status, errorOf(refused).code]).toEqual([410, 'syncStateNotFound'])
  expect((await client('GET', String(refused.headers.location))).status).toBe(200)
  const user = {
    accountEnabled: true,
    displayName: randomUUID(),
    mailNickname: 'u',
    passwordProfile: {},
    userPrincipalName: 'u@x.example',
  }
  expect((await client('POST', `${v1}/users`, user)).status).toBe(201)
})
