import { type Exchange, type Message, pathOf } from './exchange.ts'
import { fields, fieldsIn, listIn, parsed, textIn } from './json.ts'

/** The exchanges that a batch carries (https://learn.microsoft.com/graph/json-batching, and that of OData), or the one there is. */
export function unbundled(exchange: Exchange): readonly Exchange[] {
  if (!pathOf(exchange).endsWith('/$batch')) return [exchange]
  if (pathOf(exchange).startsWith('/v1.0/')) return [exchange, ...ofGraph(exchange)]
  const [asked, answered] = [partsOf(exchange.request), partsOf(exchange.answer)]
  return answered.length === 0 ? [exchange] : paired(exchange, asked, answered)
}

function ofGraph(exchange: Exchange): readonly Exchange[] {
  const answers = new Map(listIn(fieldsIn(parsed(exchange.answer.body)).responses).map((each) => [fields(each).id, fields(each)]))
  return listIn(fieldsIn(parsed(exchange.request.body)).requests).flatMap((each) => {
    const asked = fields(each)
    const answer = answers.get(asked.id)
    if (answer === undefined) return []
    const url = `/v1.0/${textIn(asked.url).replace(/^\//, '')}`
    return [
      {
        ...exchange,
        method: textIn(asked.method),
        url,
        request: message(asked),
        status: Number(answer.status),
        answer: message(answer),
      },
    ]
  })
}

function message({ headers, body }: ReturnType<typeof fields>): Message {
  const pairs = Object.entries(fieldsIn(headers)).map(([name, value]) => [name.toLowerCase(), textIn(value)])
  return { headers: Object.fromEntries(pairs), body: body === undefined || body === null ? '' : JSON.stringify(body) }
}

/** In order, as far as the answers go: a request that failed may end the batch, and is the only one of its change set. */
function paired(exchange: Exchange, asked: readonly Message[], answered: readonly Message[]): readonly Exchange[] {
  return answered.flatMap((answer, at) => {
    const request = asked[at]
    if (request === undefined) return []
    const set = partsOf(request)
    if (set.length === 0) return one(exchange, request, answer)
    const inner = partsOf(answer)
    if (inner.length > 0) return paired(exchange, set, inner)
    const failed = set.find(({ headers }) => headers['content-id'] === answer.headers['content-id'])
    return failed === undefined ? [] : one(exchange, failed, answer)
  })
}

function one(exchange: Exchange, asked: Message, answered: Message): readonly Exchange[] {
  const [request, answer] = [httpOf(asked), httpOf(answered)]
  const [, method = '', target = ''] = /^(\w+) (\S+)/.exec(request.line) ?? []
  // What the change set itself has made is named by a number.
  if (target.startsWith('$')) return []
  const url = target.startsWith('/') ? target : /^https?:/.test(target) ? afterHost(target) : `/api/data/v9.2/${target}`
  return [
    { ...exchange, method, url, request: request.message, status: Number(answer.line.split(' ')[1]), answer: answer.message },
  ]
}

const afterHost = (url: string): string => url.replace(/^https?:\/\/[^/]+/, '')

/** The parts of a multipart body; nothing where it is none. */
function partsOf({ headers, body }: Message): readonly Message[] {
  const boundary = /^multipart\/mixed.*boundary="?([^";]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) return []
  const pieces = body.replaceAll('\r\n', '\n').split(`--${boundary}`).slice(1, -1)
  return pieces.map((piece) => headed(piece.replace(/^\n/, '')))
}

/** The request or the answer in a part: `GET /path` or `HTTP/1.1 200 OK`, headers, body. */
function httpOf({ body }: Message): { line: string; message: Message } {
  const [line = '', ...rest] = body.replace(/^\n+/, '').split('\n')
  const message = headed(rest.join('\n'))
  return { line, message: { ...message, body: message.body.trim() } }
}

function headed(text: string): Message {
  const [head = '', ...rest] = text.split('\n\n')
  const headers = head
    .split('\n')
    .map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()])
  return { headers: Object.fromEntries(headers), body: rest.join('\n\n') }
}
