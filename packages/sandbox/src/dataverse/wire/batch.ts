import { randomUUID } from 'node:crypto'
import type { OrganizationState } from '../state.ts'
import { boundaryOf, httpPart, multipart, type Part, partOf, parts } from './multipart.ts'
import { preferences } from './preferences.ts'
import { badQuery, Refusal } from './refusal.ts'

/** Answers one request; a refusal is an answer too. */
export type Execute = (request: Request) => Promise<Response>

const largest = 1000

/** Requests within a request: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api */
export async function batch(organization: OrganizationState, request: Request, execute: Execute): Promise<Response> {
  const boundary = boundaryOf(request.headers.get('content-type'))
  if (boundary === undefined) throw badQuery('The content type of a batch request must be multipart/mixed with a boundary.')
  const all = parts(await request.text(), boundary)
  const goOn = preferences(request).continueOnError
  const answers: string[] = []
  let status = 200
  let seen = 0
  for (const part of all) {
    const inner = boundaryOf(part.headers.get('content-type'))
    const requests = inner === undefined ? [part] : parts(part.content, inner)
    seen += requests.length
    if (seen > largest) throw new Refusal(400, '0x80060888', `The batch request has more than ${largest} requests.`)
    const answer =
      inner === undefined ? await alone(part, request, execute) : await changeSet(organization, requests, request, execute)
    answers.push(answer.text)
    if (answer.status >= 400 && !goOn) {
      status = answer.status
      break
    }
  }
  const name = `batchresponse_${randomUUID()}`
  return new Response(multipart(name, answers), { status, headers: { 'Content-Type': `multipart/mixed; boundary=${name}` } })
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function alone(part: Part, outer: Request, execute: Execute): Promise<Answer> {
  const response = await execute(innerRequest(part, outer, new Map()))
  return { status: response.status, text: await httpPart(response, undefined) }
}

/** All or nothing. Later requests of the set can refer by Content-ID to what an earlier one created. */
async function changeSet(
  organization: OrganizationState,
  requests: readonly Part[],
  outer: Request,
  execute: Execute,
): Promise<Answer> {
  if (requests.some(({ headers }) => headers.get('content-id') === null))
    throw badQuery('Content-ID header not present in the change set request.')
  if (requests.some(({ content }) => /^\s*GET /.test(content))) throw badQuery('GET requests are not allowed in a change set.')
  const before = structuredClone(organization)
  const made = new Map<string, string>()
  const answers: string[] = []
  for (const part of requests) {
    const id = part.headers.get('content-id') ?? ''
    const response = await execute(innerRequest(part, outer, made))
    if (response.status >= 400) {
      Object.assign(organization, before)
      return { status: response.status, text: await httpPart(response, id) }
    }
    const entity = response.headers.get('OData-EntityId')
    if (entity !== null) made.set(id, entity)
    answers.push(await httpPart(response, id))
  }
  const name = `changesetresponse_${randomUUID()}`
  return { status: 200, text: `Content-Type: multipart/mixed; boundary=${name}\r\n\r\n${multipart(name, answers)}` }
}

/** The request inside a part. Its URL is absolute, or relative to the host or to the Web API. */
function innerRequest(part: Part, outer: Request, made: ReadonlyMap<string, string>): Request {
  const text = part.content.replace(/^\n+/, '')
  const [, method = '', target = ''] = /^(\w+) (\S+)(?: HTTP\/1\.1)?\n?/.exec(text) ?? []
  if (method === '') throw badQuery('A part of the batch request holds no HTTP request.')
  const { headers, content } = partOf(text.slice(text.indexOf('\n') + 1))
  for (const name of ['authorization', 'prefer']) {
    const value = outer.headers.get(name)
    if (value !== null && !headers.has(name) && (name === 'authorization' || /include-annotations/.test(value)))
      headers.set(name, value)
  }
  const url = new URL(withReference(target, made), outer.url)
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return new Request(url, { method, headers, ...(hasBody ? { body: withReferences(content.trim(), made) } : {}) })
}

const withReference = (target: string, made: ReadonlyMap<string, string>): string =>
  target.replace(/^\/?\$([^/?]+)/, (whole, id: string) => made.get(id) ?? whole)

const withReferences = (body: string, made: ReadonlyMap<string, string>): string =>
  body.replace(/"\/?\$([\w-]+)"/g, (whole, id: string) => (made.has(id) ? `"${made.get(id)}"` : whole))
