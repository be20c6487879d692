// Runs a fleet in shards and as a whole: the report must be the same however the fleet is divided.
//   npm run build && node scripts/shards.mjs                        1,000 deployments in 8 shards
//   node scripts/shards.mjs --deployments 24 --shards 8 --program FILE
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import pLimit from 'p-limit'
import { parse, stringify } from 'yaml'
import { withSandbox } from './story/portal.mjs'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '1000' },
    shards: { type: 'string', default: '8' },
    program: { type: 'string', default: join(root, 'dist', 'cli.js') },
  },
})
const [deployments, shards] = [Number(values.deployments), Number(values.shards)]
const names = Array.from({ length: deployments }, (_, index) => `customer-${String(index).padStart(4, '0')}`)
const template = parse(readFileSync(join(root, 'examples', 'minimal', 'hma.config.yaml'), 'utf8'))
const fleet = ['--file', 'fleet']
const directory = mkdtempSync(join(tmpdir(), 'hma-shards-'))

try {
  for (const folder of ['seed', 'fleet']) mkdirSync(join(directory, folder))
  for (const name of names) write(`seed/${name}.yaml`, stringify(configuration(name)))
  await withSandbox({ program: values.program, directory, config: 'seed' }, compare)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function compare(sandbox) {
  for (const name of names) write(`fleet/${name}.yaml`, stringify(inLab(configuration(name), sandbox)))
  await hma('apply', '--yes', '--quiet', '--only', names[0], ...fleet)
  const together = pLimit(availableParallelism())
  const parts = await Promise.all(
    Array.from({ length: shards }, (_, index) =>
      together(() => hma('status', '--json', '--shard', `${index}/${shards}`, ...fleet)),
    ),
  )
  const files = parts.map((text, index) => write(`status-${index}.json`, text))
  const sizes = parts.map((text) => Object.keys(JSON.parse(text)).length)
  const merged = timeless(await hma('status', '--merge', ...files, '--json'))
  const whole = timeless(await hma('status', '--json', ...fleet))
  const same = isDeepStrictEqual(merged, whole) && Object.keys(whole).length === deployments
  const changed = Object.values(whole).filter(({ drift }) => drift?.changes > 0).length
  process.stdout.write(`${sizes.reduce((sum, one) => sum + one, 0)} deployments in ${shards} shards: ${sizes.join(', ')}\n`)
  process.stdout.write(`${changed} with changes pending, ${deployments - changed} without\n`)
  if (same) process.stdout.write('The merged report is that of one process.\n')
  else tellDifference(merged, whole)
}

function tellDifference(merged, whole) {
  const [first, ...more] = names.filter((name) => !isDeepStrictEqual(merged[name], whole[name]))
  const [before, after] = [merged, whole].map((report) => report[first] ?? {})
  const parts = Object.keys({ ...before, ...after }).filter((part) => !isDeepStrictEqual(before[part], after[part]))
  const shown = parts.map((part) => `${part}: ${JSON.stringify(before[part])}\nin one process: ${JSON.stringify(after[part])}`)
  process.stderr.write(`The merged report is another one: ${first} and ${more.length} more.\n${shown.join('\n')}\n`)
  process.exitCode = 1
}

function configuration(name) {
  const dynamics = { ...template.dynamics, profile: { name } }
  return { ...template, name, keyVault: { ...template.keyVault, name: `kv-${name}` }, dynamics }
}

/** The served sandbox, as a custom cloud. */
function inLab(deployment, { endpoints, caFile, principals }) {
  const { authorityHost, resourceManager, graph, keyVaultSuffix, dataverse } = endpoints
  const owners = principals.filter(({ rights }) => rights === 'owner')
  const auth = owners.map(({ tenantId, clientId, clientSecret }) => [
    tenantId,
    { credential: 'clientSecret', clientId, clientSecret },
  ])
  return {
    ...deployment,
    ...{ cloud: { name: 'lab', authorityHost, resourceManager, graph, keyVaultSuffix, caFile }, auth: Object.fromEntries(auth) },
    dynamics: { ...deployment.dynamics, environmentUrl: dataverse },
  }
}

/** Only the times of reading may differ. */
function timeless(report) {
  return Object.fromEntries(Object.entries(JSON.parse(report)).map(([name, one]) => [name, { ...one, at: '' }]))
}

function write(name, text) {
  writeFileSync(join(directory, name), text)
  return name
}

/** Exit code 1 of a status means that there are problems; the report is still complete. */
async function hma(...args) {
  const child = spawn(process.execPath, [values.program, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (part) => {
      said[name] += part
    })
  const [code] = await once(child, 'close')
  if (code !== 0 && (code !== 1 || args[0] !== 'status'))
    throw new Error(`hma ${args.join(' ')} ended with ${code}: ${said.stderr}`)
  return said.stdout
}
