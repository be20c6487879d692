import { fork, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')
export const program = join(root, 'dist', 'cli.js')

const four = (number) => String(number).padStart(4, '0')
const tenantOf = (number, part = 1) => `${part}0000000-0000-4000-8000-00000000${four(number)}`

/** One deployment as YAML. `tenants`: 1 or 2. */
export function deployment(number, port, { tenants = 1, principals = [] } = {}) {
  const [vaultTenant, exchangeTenant] = [tenantOf(number), tenantOf(number, tenants)]
  const parts = tenants === 1 ? [1] : [1, 2]
  const auth = parts.flatMap((part) => {
    const owners = principals.filter(({ rights }) => rights === 'owner')
    const found = [number, 1].map((one) => owners.find(({ tenantId }) => tenantId === tenantOf(one, part))).find(Boolean)
    if (!found) return []
    const { clientId, clientSecret } = found
    return [`  ${tenantOf(number, part)}: { credential: clientSecret, clientId: ${clientId}, clientSecret: ${clientSecret} }`]
  })
  return `apiVersion: hma/v1
name: fleet-${four(number)}
cloud:
  name: lab
  authorityHost: https://login.lab.localhost:${port}
  resourceManager: https://management.lab.localhost:${port}
  graph: https://graph.lab.localhost:${port}
  keyVaultSuffix: vault.lab.localhost:${port}
  caFile: ./ca.pem
${auth.length > 0 ? `auth:\n${auth.join('\n')}\n` : ''}keyVault:
  tenantId: ${vaultTenant}
  subscriptionId: ${tenantOf(number, 3)}
  resourceGroup: rg-mail
  name: kv-fleet-${four(number)}
  create: { location: westeurope }
certificate: { subject: CN=hma.contoso.com }
keyVaultApp:
  clientSecret: { vaultSecretName: hma-kv-app-client-secret }
hmaApp: { tenantId: ${exchangeTenant} }
exchange:
  ewsUrl: https://mail.lab.localhost:${port}/EWS/Exchange.asmx
  testMailbox: svc@contoso.com
dynamics:
  environmentUrl: https://org-fleet-${four(number)}.crm.lab.localhost:${port}
`
}

/** This many deployments in one file, each in its own tenants. */
export const fleetOf = (size, port, options) =>
  Array.from({ length: size }, (_, index) => deployment(index + 1, port, options)).join('---\n')

/** The sandbox alone, for figures of runs that need all of the machine: no front delays or counts the requests. */
export async function directLab({ deployments }) {
  const folder = mkdtempSync(join(tmpdir(), 'hma-bench-'))
  const fleet = join(folder, 'fleet')
  const place = join(folder, 'sandbox')
  for (const one of [fleet, place]) mkdirSync(one)
  const port = await freePort()
  const write = (change) => writeFleet(fleet, deployments, change)
  write((number) => deployment(number, port).replace(/\n {2}caFile.*/, ''))
  const sandbox = await startSandbox(place, fleet, ['--port', String(port)])
  cpSync(sandbox.caFile, join(fleet, 'ca.pem'))
  const token = readFileSync(join(place, '.hma', 'sandbox-control-token'), 'utf8').trim()
  return {
    /** Writes the configurations, each changed. */
    configure: (change) => write((number) => change(deployment(number, port, { principals: sandbox.principals }))),
    run: (line, options) => run(`${line} -f fleet`, { cwd: folder, ...options }),
    /** The requests so far, as the sandbox logged them. */
    asked: () => askControl(port, readFileSync(sandbox.caFile), token, '/log').then(({ value }) => value),
    stopSandbox: sandbox.stop,
    async close() {
      await sandbox.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A file for each hundred deployments. */
function writeFleet(folder, size, text) {
  for (let first = 1; first <= size; first += 100) {
    const numbers = Array.from({ length: Math.min(100, size - first + 1) }, (_, index) => first + index)
    writeFileSync(join(folder, `from-${four(first)}.yaml`), numbers.map(text).join('---\n'))
  }
}

const askControl = (port, ca, token, path) =>
  new Promise((resolve, reject) => {
    const host = `control.sandbox.localhost:${port}`
    const headers = { host, authorization: `Bearer ${token}` }
    get(
      { host: '127.0.0.1', port, ca, servername: 'control.sandbox.localhost', path, headers, agent: false },
      async (incoming) => {
        const pieces = []
        for await (const piece of incoming) pieces.push(piece)
        resolve(JSON.parse(Buffer.concat(pieces).toString()))
      },
    ).on('error', reject)
  })

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/** The front, the sandbox behind it, and a folder with the configuration of the first deployment, or of so many. */
export async function lab({ tenants = 1, deployments = 1 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hma-bench-'))
  const wire = await startWire()
  writeFileSync(join(folder, 'ca.pem'), wire.authority)
  const config = join(folder, 'hma.config.yaml')
  writeFileSync(config, fleetOf(deployments, wire.port, { tenants }))
  const place = join(folder, 'sandbox')
  mkdirSync(place)
  const sandbox = await startSandbox(place, config)
  await wire.set({ port: sandbox.port })
  writeFileSync(config, fleetOf(deployments, wire.port, { tenants, principals: sandbox.principals }))
  return {
    folder,
    wire,
    principals: sandbox.principals,
    run: (line, options) => run(line, { cwd: folder, ...options }),
    stopSandbox: sandbox.stop,
    async close() {
      await sandbox.stop()
      wire.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startWire() {
  const child = fork(join(import.meta.dirname, 'wire.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const { port, authority } = await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`The front ended with ${code}`)))
  })
  let last = 0
  const ask = (message) =>
    new Promise((resolve) => {
      const id = ++last
      const hear = (answer) => {
        if (answer.id !== id) return
        child.off('message', hear)
        resolve(answer)
      }
      child.on('message', hear)
      child.send({ ...message, id })
    })
  return {
    port,
    authority,
    set: (set) => ask({ set }),
    log: () => ask({ ask: 'log' }),
    asked: () => ask({ ask: 'asked' }),
    stop: () => child.disconnect(),
  }
}

/** Serves what the configuration names. When stopped, its last output says whether sign-in ever broke. */
export async function startSandbox(cwd, config, options = []) {
  const child = spawn(process.execPath, [program, 'sandbox', '--in-memory', '--json', '-f', config, ...options], { cwd })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const words = []
  child.stderr.on('data', (piece) => words.push(piece))
  for await (const line of createInterface({ input: child.stdout })) {
    const stop = async () => {
      child.kill('SIGTERM')
      await ended
      return Buffer.concat(words).toString()
    }
    return { ...JSON.parse(line), stop }
  }
  throw new Error(`The sandbox did not start. ${Buffer.concat(words)}`)
}

/** bash reports CPU time in milliseconds; time(1) has a hundredth of a second only, but reports memory. */
const timed = `TIMEFORMAT='%3U %3S'; time /usr/bin/time -f %M "$@"`

/** Runs hma, or another program: wall-clock and CPU seconds, and peak memory. */
export async function run(line, { cwd, command = process.execPath, args = [program], codes = [0], env = {} } = {}) {
  const began = performance.now()
  const child = spawn('bash', ['-c', timed, 'bash', command, ...args, ...line.split(' ').filter(Boolean)], {
    cwd,
    env: { ...process.env, ...env },
  })
  const [out, err] = [child.stdout, child.stderr].map(async (stream) => {
    const pieces = []
    for await (const piece of stream) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  const seconds = (performance.now() - began) / 1000
  const stderr = await err
  const [, kilobytes = 0, user = 0, system = 0] = /(\d+)\n([\d.]+) ([\d.]+)\n$/.exec(stderr) ?? []
  if (!codes.includes(code)) throw new Error(`${command} ${line} ended with ${code}: ${await out}${stderr}`)
  return { seconds, cpu: Number(user) + Number(system), megabytes: Number(kilobytes) / 1024, stdout: await out, stderr }
}
