import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const leaving: Workplace[] = []
afterEach(async () => {
  for (const one of leaving.splice(0)) await one.leave()
})
const at = async (text: string): Promise<Workplace> => {
  const here = await workplace(text)
  leaving.push(here)
  return here
}
const read = (here: Workplace, file: string): Promise<string> => readFile(join(here.directory, file), 'utf8')

/** One deployment per name, each with its own vault. */
const fleet = (...names: readonly string[]): string =>
  names.map((name) => yaml({ name, tenants: 1 }).replace('//contoso.crm4', `//${name}.crm4`)).join('\n---\n')

test('a plan as a comment and a page is applied by its digest', async () => {
  const here = await at(yaml({ tenants: 1 }))
  const { code, stdout, stderr } = await here.hma(
    'plan --sandbox --markdown --html plan.html --out plan.json --detailed-exitcode',
  )
  expect(code).toBe(2)
  expect(stdout).toMatch(/^\*\*Plan: 1\d to create\.\*\*\n\n\| deployment \|/)
  expect(stderr).toContain('Plan saved to plan.html')
  const { digest } = JSON.parse(await read(here, 'plan.json'))
  expect(stdout).toContain(digest.replace(':', '&#58;'))
  expect(await read(here, 'plan.html')).toContain(digest)

  const other = `sha256:${'0'.repeat(64)}`
  const refused = await here.hma(`apply --sandbox --yes --digest ${other}`)
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('to create')
  expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain(
    `its digest is ${digest}, and not ${other} [HMA401] Nothing was changed.`,
  )
  expect((await here.hma('apply --sandbox --yes --digest sha256:abc')).stderr).toContain('"sha256:abc" is not a plan digest')

  expect((await here.hma(`apply --sandbox --yes --quiet --digest ${digest}`)).code).toBe(0)
  const stale = await here.hma(`apply --sandbox --yes --digest ${digest}`)
  expect(stale.code).toBe(1)
  expect(stale.stderr.replaceAll(/\s+/g, ' ')).toContain('This is not the plan that was reviewed')
  expect((await here.hma('plan --sandbox --markdown')).stdout).toContain('1 deployment without a change.')
})

test('two formats on stdout are refused before any request', async () => {
  const here = await at(yaml({ tenants: 1 }))
  const plan = await here.hma('plan --sandbox --json --markdown')
  expect([plan.code, plan.stderr]).toEqual([1, expect.stringContaining('Leave out --json or --markdown.')])
  const status = await here.hma('status --sandbox --json --metrics')
  expect([status.code, status.stderr]).toEqual([1, expect.stringContaining('Leave out --json or --metrics.')])
})

test.each(['plan --sandbox', 'status --sandbox', 'rehearse --sandbox --schedules 0 --every 30d'])(
  '%s --html - prints the page alone',
  async (command) => {
    const here = await at(yaml({ tenants: 1 }))
    const { stdout } = await here.hma(`${command} --html -`)
    expect([stdout.slice(0, 15), stdout.trimEnd().slice(-7)]).toEqual(['<!doctype html>', '</html>'])
    const both = await here.hma(`${command} --html - --json`)
    expect([both.code, both.stdout, both.stderr]).toEqual([1, expect.anything(), expect.stringContaining('Leave out --json.')])
  },
)

describe('a fleet', () => {
  test('in shards gives the same report as in one run', async () => {
    const here = await at(fleet('alpha', 'bravo', 'charlie', 'delta'))
    await here.hma('apply --sandbox --yes --quiet --only alpha --only charlie')
    const parts = []
    for (const index of [0, 1, 2]) {
      const { code, stdout } = await here.hma(`status --sandbox --json --shard ${index}/3`)
      expect(code).toBe(0)
      parts.push(Object.keys(JSON.parse(stdout)))
      await writeFile(join(here.directory, `${index}.json`), stdout)
    }
    expect(parts.flat().sort()).toEqual(['alpha', 'bravo', 'charlie', 'delta'])
    const merged = JSON.parse((await here.hma('status --merge 0.json 1.json 2.json --json')).stdout)
    const whole = JSON.parse((await here.hma('status --sandbox --json')).stdout)
    const timeless = (report: Record<string, object>) =>
      Object.fromEntries(Object.entries(report).map(([name, one]) => [name, { ...one, at: '' }]))
    expect(timeless(merged)).toEqual(timeless(whole))
    expect(merged.alpha).toMatchObject({ ok: true, drift: { changes: 0, person: 0 }, proof: null })
    expect(merged.bravo.drift.changes).toBeGreaterThan(5)
    expect((await here.hma('status --merge 0.json 1.json 2.json --within 30d')).code).toBe(1)

    const twice = await here.hma('status --merge 0.json 1.json 2.json 1.json')
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringMatching(/is in \S+1\.json\s+and\s+in\s+\S+1\.json/)])
    await writeFile(join(here.directory, 'bad.json'), '{"alpha":{"ok":true}}')
    const bad = await here.hma('status --merge bad.json')
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('bad.json is not a report')])
    expect((await here.hma('status --merge none.json')).stderr).toContain('none.json cannot be read')
  })

  test('as a page and as metrics, with what was proven', async () => {
    const here = await at(yaml({ tenants: 1 }))
    await here.hma('apply --sandbox --yes --quiet')
    await writeFile(join(here.directory, 'proof.json'), (await here.hma('verify --sandbox --json')).stdout)
    const { code, stdout } = await here.hma('status --sandbox --metrics --html fleet.html --proof proof.json')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^hma_ok\{deployment="contoso"\} 1$/m)
    expect(stdout).toMatch(/^hma_proof_ok\{deployment="contoso"\} 1$/m)
    expect(stdout).toMatch(/^hma_certificate_expiry_timestamp_seconds\{deployment="contoso",certificate="HMA-Cert"\} \d{10}$/m)
    expect(await read(here, 'fleet.html')).toContain('>proven</span>')
    expect((await here.hma('status --sandbox --proof fleet.html')).stderr).toContain('fleet.html cannot be read')
  })

  test('with one bad configuration: the others continue, and the exit code is 1', async () => {
    const here = await at(
      `${fleet('alpha', 'charlie')}\n---\n${fleet('bravo').replace('apiVersion: hma/v1', 'apiVersion: hma/v9')}`,
    )
    const applied = await here.hma('apply --sandbox --yes')
    expect(applied.code).toBe(1)
    expect(applied.stderr).toContain('hma/v9')
    for (const command of ['plan', 'status', 'verify', 'output', 'graph']) {
      const { code, stdout } = await here.hma(`${command} --sandbox --json`)
      expect([command, code]).toEqual([command, 1])
      expect(stdout).toContain('alpha')
      expect(stdout).toContain('charlie')
    }
    expect((await here.hma('plan --sandbox --only a* --detailed-exitcode')).code).toBe(0)
  })

  test('a shard without deployments succeeds', async () => {
    const here = await at(yaml({ tenants: 1 }))
    const answers = []
    for (let index = 0; index < 40; index++) answers.push(await here.hma(`graph --shard ${index}/40`))
    expect(answers.filter(({ stdout }) => stdout.includes('contoso'))).toHaveLength(1)
    const empty = answers.findIndex(({ stdout }) => !stdout.includes('contoso'))
    for (const command of ['plan', 'apply --yes', 'status', 'verify', 'output', 'csr', 'destroy --yes']) {
      const { code, stderr } = await here.hma(`${command} --sandbox --shard ${empty}/40`)
      expect([command, code, stderr]).toEqual([command, 0, expect.stringContaining(`No deployment is in shard ${empty}/40`)])
    }
    expect((await here.hma('plan --shard 8/8')).stderr).toContain('0/4 to 3/4')
  })
})
