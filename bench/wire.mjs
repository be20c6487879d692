// A front for the sandbox in its own process: it delays requests, forwards them, or answers from recordings.
// Each deployment of a fleet is the recorded one under another number. Controlled by messages from its parent process.
import { createServer, request } from 'node:https'
import { setTimeout } from 'node:timers/promises'
import { certificates } from './certificates.mjs'
import { first, numbered } from './numbers.mjs'

const state = { mode: 'forward', port: 0, delay: 0, delayOfWrites: 0, throttled: 0, recording: false, listening: false, slow: '' }
const recorded = new Map()
/** The requests received while it listened. */
const asked = []
let log = []
let refusals = 0

/** The same sequence in each run (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
let seed = 1
const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31

/** The identity of a request, as if it came from the first deployment. */
function keyOf({ method, host, url, body }) {
  const scope = new URLSearchParams(body).get('scope') ?? ''
  const place = `${method} ${host}${url} ${scope}`
  return place
    .replace(numbered, first)
    .replace(/client-request-id=[^&]*/, '')
    .replace(/emailserverprofileid(%20|\+)eq(%20|\+)[0-9a-f-]{36}/, 'emailserverprofileid')
}

async function answer({ method, host, url, headers, body }) {
  if (state.mode === 'forward') return forward({ method, host, url, headers, body })
  const key = keyOf({ method, host, url, body })
  const found = recorded.get(key)
  if (found === undefined)
    return { status: 404, headers: {}, body: JSON.stringify({ error: { code: 'NotRecorded', message: key } }) }
  const [number = first] = `${host}${url}`.match(numbered) ?? []
  return number === first ? found : { ...found, body: found.body.replace(numbered, number) }
}

const passed = new Set(
  'content-type www-authenticate odata-version odata-entityid retry-after location azure-asyncoperation preference-applied'.split(
    ' ',
  ),
)

const forward = (asked) =>
  new Promise((resolve, reject) => {
    const { method, host, url, headers, body } = asked
    const { 'content-length': _, connection: __, 'transfer-encoding': ___, ...sent } = headers
    const options = { host: '127.0.0.1', port: state.port, servername: host.replace(/:\d+$/, ''), method, path: url }
    const out = request(
      { ...options, headers: { ...sent, host, 'content-length': Buffer.byteLength(body) }, rejectUnauthorized: false },
      async (incoming) => {
        const text = await textOf(incoming)
        const kept = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => passed.has(name)))
        const answered = {
          status: incoming.statusCode,
          headers: kept,
          body: text,
        }
        if (state.recording) recorded.set(keyOf(asked), answered)
        resolve(answered)
      },
    )
    out.on('error', reject)
    out.end(body)
  })

async function textOf(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const tooMany = {
  status: 429,
  headers: { 'retry-after': '1', 'content-type': 'application/json' },
  body: '{"error":{"code":"TooManyRequests","message":"Too many requests."}}',
}

async function serve(incoming, outgoing) {
  const { method, url, headers } = incoming
  const host = headers.host ?? ''
  const began = performance.now()
  const body = await textOf(incoming)
  if (state.listening) asked.push({ method, url: `https://${host}${url}`, body, began })
  const refused = state.throttled > 0 && random() < state.throttled
  if (refused) refusals += 1
  const slow = state.slow !== '' && `${host}${url}`.includes(state.slow) ? 20 : 1
  const isWrite = method !== 'GET' && !host.startsWith('login.')
  const [given] = await Promise.all([
    refused ? tooMany : answer({ method, host, url, headers, body }),
    setTimeout(state.delay * slow + (isWrite ? state.delayOfWrites : 0)),
  ])
  outgoing.writeHead(given.status, { ...given.headers, 'content-length': Buffer.byteLength(given.body) }).end(given.body)
  log.push({ method, host, url: url.slice(0, 120), status: given.status, began, ended: performance.now() })
}

const { key, certificate, authority } = await certificates()
const server = createServer({ key, cert: certificate, keepAliveTimeout: 120_000 }, (incoming, outgoing) => {
  serve(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)))
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port, authority }))
process.on('message', ({ set, ask, id }) => {
  if (set) Object.assign(state, set)
  if (ask === 'log') process.send({ id, log, refusals })
  else if (ask === 'asked') process.send({ id, asked })
  else process.send({ id })
  if (ask === 'log' || set?.forget) [log, refusals] = [[], 0]
})
process.on('disconnect', () => process.exit(0))
