import { countPart, watchBody } from '../honoured.ts'
import { isList, isObject, isTexts, type JsonObject, readObject } from './json.ts'
import { Refusal } from './refusal.ts'
import type { Json } from './state.ts'

type Send = (request: Request) => Promise<Response>

interface Part {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: Json | undefined
  readonly dependsOn: readonly string[]
}

const invalid = (message: string): Refusal => new Refusal(400, 'BadRequest', message)

/** `POST /$batch`: up to 20 requests, each answered by itself: https://learn.microsoft.com/graph/json-batching */
export async function batch(request: Request, root: string, send: Send): Promise<{ responses: object[] }> {
  const body = readObject(await request.text())
  watchBody(request, body)
  const parts = partsIn(body)
  const statuses = new Map<string, number>()
  const responses: object[] = []
  for (const part of parts) {
    const failed = part.dependsOn.some((id) => (statuses.get(id) ?? 424) >= 400)
    const response = failed ? dependencyFailed(part) : await answerOf(part, request, root, send)
    statuses.set(part.id, response.status)
    responses.push(response)
  }
  return { responses }
}

function partsIn({ requests }: JsonObject): readonly Part[] {
  if (!isList(requests)) throw invalid("The batch request has to have an array 'requests'.")
  if (requests.length > 20) throw invalid('The number of requests in a batch is limited to 20.')
  const parts = requests.map(partIn)
  if (new Set(parts.map(({ id }) => id)).size < parts.length)
    throw invalid('The ids of the requests of a batch have to be unique.')
  return parts
}

function partIn(value: Json): Part {
  if (!isObject(value)) throw invalid('A request of a batch has to be an object.')
  const { id, method, url, headers = {}, body, dependsOn = [] } = value
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string' || !isTexts(dependsOn))
    throw invalid("A request of a batch has to have 'id', 'method' and 'url'.")
  const texts = isObject(headers)
    ? Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    : []
  const typed = texts.some(([name]) => name.toLowerCase() === 'content-type')
  if (body !== undefined && !typed) throw invalid('A request of a batch with a body has to have the header Content-Type.')
  return { id, method, url, headers: Object.fromEntries(texts), body, dependsOn }
}

const dependencyFailed = ({ id }: Part) => ({
  id,
  status: 424,
  headers: { 'Content-Type': 'application/json' },
  body: { error: { code: 'FailedDependency', message: 'A request on which this one depends has failed.' } },
})

async function answerOf(part: Part, outer: Request, root: string, send: Send) {
  const { id, method, url, headers, body } = part
  const authorization = outer.headers.get('authorization') ?? ''
  const inner = new Request(`${root}/${url.replace(/^\/+/, '')}`, {
    method,
    headers: { authorization, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const response = await send(inner)
  countPart(outer, inner, response.status)
  const text = await response.text()
  const type = response.headers.get('content-type')
  return {
    id,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(text !== '' && { body: type?.includes('json') ? readObject(text) : text }),
  }
}
