import { afterEach, beforeEach, expect, test } from 'vitest'
import { error, rows } from '../fixedAzure.ts'
import { ids } from '../wholeWorld.ts'
import { type Client, client, paths, putProfile } from './client.ts'

let dataverse: Client
beforeEach(async () => {
  dataverse = await client()
})
afterEach(() => dataverse.close())

const lines = (...all: readonly string[]): string => all.join('\r\n')

function http(request: string, body?: object, contentId?: number): string {
  const head = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']
  const id = contentId === undefined ? [] : [`Content-ID: ${contentId}`]
  const type = body === undefined ? [] : ['Content-Type: application/json; type=entry']
  return lines(...head, ...id, '', `${request} HTTP/1.1`, ...type, '', body === undefined ? '' : JSON.stringify(body))
}

const multipart = (boundary: string, ...parts: readonly string[]): string =>
  lines(...parts.flatMap((part) => [`--${boundary}`, part]), `--${boundary}--`, '')

const set = (...parts: readonly string[]): string =>
  lines('Content-Type: multipart/mixed; boundary=set', '', multipart('set', ...parts))

const post = (body: string, headers: Readonly<Record<string, string>> = {}, token = 'owner') =>
  dataverse.send('POST', '$batch', { token, body, headers: { 'Content-Type': 'multipart/mixed; boundary="all"', ...headers } })

const statuses = (text: string): readonly string[] => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => match[1] ?? '')

test('requests one after the other, with a change set whose rows refer to each other', async () => {
  const answer = await post(
    multipart(
      'all',
      set(
        http('POST /api/data/v9.2/managedidentities', { name: 'a', applicationid: ids.profile }, 1),
        http('POST keyvaultreferences', { keyvaulturi: 'https://v.vault.azure.net/', 'managedidentityid@odata.bind': '$1' }, 2),
        http('PATCH $2', { keyname: 'HMA-Cert' }, 3),
      ),
      http('GET keyvaultreferences?$select=keyname&$expand=managedidentityid($select=name)'),
    ),
  )
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toMatch(/^multipart\/mixed; boundary=batchresponse_/)
  expect(statuses(answer.text)).toEqual(['204', '204', '204', '200'])
  expect(answer.text).toContain('"keyname":"HMA-Cert"')
  const [reference] = rows(await dataverse.send('GET', 'keyvaultreferences?$expand=managedidentityid($select=name)'))
  expect(reference?.managedidentityid).toMatchObject({ name: 'a' })
})

test('a change set is done whole or not at all', async () => {
  const good = http('POST managedidentities', { name: 'a' }, 1)
  const bad = http('POST managedidentities', { nickname: 'b' }, 2)
  const answer = await post(multipart('all', set(good, bad)))
  expect([answer.status, statuses(answer.text)]).toEqual([400, ['400']])
  expect(rows(await dataverse.send('GET', 'managedidentities'))).toEqual([])
})

test('ends at the first failure, unless odata.continue-on-error goes on', async () => {
  await putProfile(dataverse)
  const body = multipart('all', http(`GET ${paths.profile}/nothing`), http(`GET ${paths.profile}?$select=name`))
  const stopped = await post(body)
  const whole = await post(body, { Prefer: 'odata.continue-on-error' })
  expect([stopped.status, statuses(stopped.text)]).toEqual([404, ['404']])
  expect([whole.status, statuses(whole.text)]).toEqual([200, ['404', '200']])
})

test('privileges count for each request within', async () => {
  const answer = await post(multipart('all', http('POST managedidentities', { name: 'a' })), {}, 'reader')
  expect(statuses(answer.text)).toEqual(['403'])
})

test('a change set needs Content-ID, and holds no GET; a batch needs its content type', async () => {
  const unnamed = await post(multipart('all', set(http('POST managedidentities', { name: 'a' }))))
  const reading = await post(multipart('all', set(http('GET managedidentities', undefined, 1))))
  const json = await dataverse.send('POST', '$batch', { body: {} })
  expect([unnamed, reading, json].map(({ status }) => status)).toEqual([400, 400, 400])
  expect(error(unnamed).message).toContain('Content-ID header not present')
  expect(rows(await dataverse.send('GET', 'managedidentities'))).toEqual([])
})
