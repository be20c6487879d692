import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as plain } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificates } from './certificates.mjs'
import { deployment, program, run } from './lab.mjs'

const principals = [
  {
    tenantId: '10000000-0000-4000-8000-000000000001',
    rights: 'owner',
    clientId: '44444444-4444-4444-4444-444444444444',
    clientSecret: 'not-a-real-secret',
  },
]
const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))

/** A server's answer to every request, and the seconds and megabytes that a plan may take. */
const servers = {
  'that is silent': [() => {}, 190, 200],
  'that sends a byte every five seconds': [
    (response) => {
      response.writeHead(200)
      const drops = setInterval(() => response.write(' '), 5000)
      response.on('close', () => clearInterval(drops))
    },
    190,
    200,
  ],
  'whose answer has no end': [
    (response) => {
      const more = (error) => error ?? response.write(Buffer.alloc(1024 * 1024, 32), more)
      more()
    },
    20,
    450,
  ],
  'that always answers 500': [(response) => response.writeHead(500).end(), 160, 200],
  'that asks to come back in the past': [
    (response) => response.writeHead(503, { 'retry-after': 'Sun, 01 Jan 2023 00:00:00 GMT' }).end(),
    160,
    200,
  ],
}

/** A plan against misbehaving servers: whether it ends, after how long, and with how much memory. */
export async function hostile(told) {
  const folder = mkdtempSync(join(tmpdir(), 'hma-hostile-'))
  const { authority, certificate, key } = await certificates()
  writeFileSync(join(folder, 'ca.pem'), authority)
  const opened = []
  const serve = async (server) => {
    opened.push(server)
    return listening(server)
  }
  const plan = async (what, config, limits, env = {}) => {
    const file = `${what.replaceAll(/\W+/g, '-')}.yaml`
    writeFileSync(join(folder, file), config)
    const ran = await run(`plan -f ${file}`, { cwd: folder, codes: [1], env })
    if (ran.stderr.includes('HMA101')) throw new Error(ran.stderr)
    return { what, limits, ...ran }
  }
  try {
    const secure = Object.entries(servers).map(async ([what, [answer, ...limits]]) => {
      const port = await serve(createServer({ cert: certificate, key }, (_request, response) => answer(response)))
      return plan(`a server ${what}`, deployment(1, port, { principals }), limits)
    })
    const proxy = await serve(plain().on('connect', (_request, socket) => socket.end()))
    const beyond = deployment(1, 443, { principals }).replaceAll('lab.localhost:443', 'lab.example')
    const all = await Promise.all([
      ...secure,
      plan('a port at which nothing listens', deployment(1, 1, { principals }), [60, 200]),
      plan('a proxy that hangs up', beyond, [20, 200], { HTTPS_PROXY: `http://127.0.0.1:${proxy}` }),
    ])
    for (const { what, seconds, megabytes, limits } of all) {
      told(`plan against ${what}`, seconds, { unit: 's', target: limits[0], digits: 1 })
      told(`plan against ${what}: memory`, megabytes, { unit: 'MB', target: limits[1], digits: 0 })
    }
    await pipe(folder, told)
    await interrupted(folder, await serve(createServer({ cert: certificate, key }, () => {})), told)
  } finally {
    for (const server of opened) {
      server.closeAllConnections()
      server.close()
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pipe(folder, told) {
  execFileSync('mkfifo', [join(folder, 'signed.cer')])
  const text = deployment(1, 443).replace(/\n {2}caFile.*/, '')
  writeFileSync(
    join(folder, 'pipe.yaml'),
    text.replace('certificate: { subject', 'certificate: { source: csr, signedFile: ./signed.cer, subject'),
  )
  const { seconds } = await run('plan --sandbox -f pipe.yaml', { cwd: folder, codes: [1] })
  told('plan with a pipe where a file is named', seconds, { unit: 's', target: 10, digits: 1 })
}

/** From the signal to the end of the process. */
async function interrupted(folder, port, told) {
  writeFileSync(join(folder, 'silent.yaml'), deployment(1, port, { principals }))
  const child = spawn(process.execPath, [program, 'plan', '-f', 'silent.yaml'], { cwd: folder })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const began = performance.now()
  child.kill('SIGTERM')
  await ended
  told('plan against a server that is silent, after SIGTERM', (performance.now() - began) / 1000, {
    unit: 's',
    target: 3,
    digits: 2,
  })
}
