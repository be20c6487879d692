// The alternative to hma: an az script against the same sandbox, on the same machine, at the same time.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deployment, run, startSandbox } from './lab.mjs'

const environment = 'https://org-fleet-0001.crm4.dynamics.com'
const script = join(import.meta.dirname, 'az.sh')

/** az knows only Microsoft's clouds, so it reaches the sandbox through its proxy. */
const inPublicCloud = () =>
  deployment(1, 443)
    .replace(/cloud:\n( .*\n)+/, '')
    .replace(/ewsUrl: .*/, 'ewsUrl: https://mail.contoso.com/EWS/Exchange.asmx')
    .replace(/environmentUrl: .*/, `environmentUrl: ${environment}`)

export async function peer(told, inTurn) {
  const az = process.env.AZ ?? 'az'
  if (spawnSync(az, ['version']).status !== 0) {
    process.stdout.write('  az is not installed (AZ names it where it is not in the path), so nothing is compared with it.\n')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'hma-bench-az-'))
  const config = join(folder, 'hma.config.yaml')
  writeFileSync(config, inPublicCloud())
  const sandbox = await startSandbox(folder, config)
  try {
    const { stdout } = await run('sandbox env --json', { cwd: folder })
    const env = { ...JSON.parse(stdout), AZURE_CONFIG_DIR: join(folder, 'az'), AZURE_CORE_COLLECT_TELEMETRY: 'no', AZ: az }
    const here = (line, more) => run(line, { cwd: folder, env, ...more })
    await here('apply --yes --quiet')
    const { 'fleet-0001': ids } = JSON.parse((await here('output --json')).stdout)
    const { AZURE_CLIENT_ID: user, AZURE_CLIENT_SECRET: secret, AZURE_TENANT_ID: tenant } = env
    const signIn = ['login', '--service-principal', '-u', user, '-p', secret, '-t', tenant, '-o', 'none']
    await here('', { command: az, args: signIn })
    const asked = ['kv-fleet-0001', ids.keyVaultApplicationId, ids.hmaApplicationId, environment]
    const [hma, reads] = await inTurn(3, [() => here('plan'), () => here('', { command: script, args: asked })])
    told('peer: ten reads of az, times hma plan', reads.seconds / hma.seconds, { atLeast: 15, digits: 1 })
    told('peer: the same, processor time', reads.cpu / hma.cpu, { digits: 1 })
    told('peer: ten reads of az', reads.seconds, { unit: 's' })
  } finally {
    await sandbox.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
