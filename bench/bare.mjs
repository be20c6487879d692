// The requests of a fleet's plan by undici alone, without sign-in, comparison or planning: the lower bound with this client.
//   node bench/bare.mjs FILE NUMBER TOGETHER      FILE: { authority, rounds: [[{ method, url, body }]] } of the first deployment
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import pLimit from 'p-limit'
import { Agent, request } from 'undici'
import { numbered } from './numbers.mjs'

const [file, count, together] = process.argv.slice(2)
const { authority, rounds } = JSON.parse(readFileSync(file, 'utf8'))
const loopback = (_, { all }, callback) =>
  all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)
const connect = { secureContext: createSecureContext({ ca: [authority] }), lookup: loopback }
const shared = new Agent({ connections: 64, connect })

async function deployment(number) {
  const own = new Agent({ connections: 1, connect })
  const ask = async ({ method, url, body }) => {
    const answer = await request(url.replace(numbered, number), {
      dispatcher: /\b(vault|crm)\./.test(url) ? own : shared,
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${number}` },
      body: body === '' ? null : body.replace(numbered, number),
    })
    if (answer.statusCode !== 200) throw new Error(`${method} ${url}: ${answer.statusCode} ${await answer.body.text()}`)
    return JSON.parse(await answer.body.text())
  }
  for (const round of rounds) await Promise.all(round.map(ask))
  await own.destroy()
}

const numbers = Array.from({ length: Number(count) }, (_, index) => String(index + 1).padStart(4, '0'))
const limit = pLimit(Number(together))
await Promise.all(numbers.map((number) => limit(() => deployment(number))))
await shared.destroy()
