// The requests of a fleet's plan by Node's own client alone, without sign-in, comparison or planning: the lower bound.
//   node bench/bare.mjs FILE NUMBER TOGETHER      FILE: { authority, rounds: [[{ method, url, body }]] } of the first deployment
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { createSecureContext } from 'node:tls'
import { numbered } from './numbers.mjs'

const [file, count, together] = process.argv.slice(2)
const { authority, rounds } = JSON.parse(readFileSync(file, 'utf8'))
const loopback = (_, { all }, callback) =>
  all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)
const secureContext = createSecureContext({ ca: [authority] })
const agent = (maxSockets) => new Agent({ keepAlive: true, maxSockets, secureContext, lookup: loopback })
const shared = agent(64)

const send = (url, options, body) =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, options, async (incoming) => {
      const pieces = []
      incoming.on('data', (piece) => pieces.push(piece)).on('error', reject)
      incoming.on('end', () => resolve({ status: incoming.statusCode, body: Buffer.concat(pieces).toString() }))
    })
    outgoing.on('error', reject).end(body)
  })

async function deployment(number) {
  const own = agent(1)
  const ask = async ({ method, url, body: recorded }) => {
    const body = recorded === '' ? undefined : recorded.replace(numbered, number)
    const headers = {
      ...{ accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${number}` },
      ...(body && { 'content-length': Buffer.byteLength(body) }),
    }
    const options = { agent: /\b(vault|crm)\./.test(url) ? own : shared, method, headers }
    const answer = await send(url.replace(numbered, number), options, body)
    if (answer.status !== 200) throw new Error(`${method} ${url}: ${answer.status} ${answer.body}`)
    return JSON.parse(answer.body)
  }
  for (const round of rounds) await Promise.all(round.map(ask))
  own.destroy()
}

const numbers = Array.from({ length: Number(count) }, (_, index) => String(index + 1).padStart(4, '0')).values()
const one = async () => {
  for (const number of numbers) await deployment(number)
}
await Promise.all(Array.from({ length: Number(together) }, one))
shared.destroy()
