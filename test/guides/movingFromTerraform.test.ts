import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { readWorld } from '../../packages/sandbox/src/store.ts'
import type { Status } from '../../src/views/status/model.ts'
import { terraformMade, terraforms } from '../support/terraformMade.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/moving-from-terraform.md'), 'utf8')

interface Step {
  readonly line: string
  /** What the guide shows of the answer, line by line. */
  readonly shows: readonly string[]
}

/** Every command line of hma in the guide, in order, with what it is said to print. */
const steps: readonly Step[] = [...guide.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line = '', ...shows] = part.split('\n').filter((one) => one.trim() !== '')
      return { line, shows }
    }),
)

/** Line breaks, ids and days differ from run to run, and a run on the sandbox says so. */
const plain = (text: string): string =>
  text
    .replaceAll(/ --sandbox/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'GUID')
    .replaceAll(/\b[0-9a-f]{8}\b/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\d/g, 'DATE')
    .replaceAll(/\b\d+ d\b/g, 'DAYS')
    .trim()

const certificates = (world: World) => Object.values(world.vaults).flatMap((vault) => Object.values(vault.certificates))
const applications = (world: World) =>
  Object.values(world.directory.tenants)
    .flatMap((tenant) => Object.values(tenant.applications))
    .filter(({ displayName }) => ['KV-App', 'HMA-App'].includes(displayName))

test('the steps of the guide keep every object that Terraform created, and the last plan is empty', async () => {
  const here = await terraformMade()
  try {
    const world = (): World => {
      const found = readWorld(join(here.directory, '.hma', 'sandbox.json'))
      if (!found) throw new Error('there is no world')
      return found
    }
    const before = world()
    expect(steps.map(({ line }) => line.split(' ')[1])).toEqual([
      ...['import', 'validate', 'plan', 'adopt', 'plan', 'apply', 'verify', 'plan', 'status', 'output'],
    ])
    for (const [index, { line, shows }] of steps.entries()) {
      const asks = /^hma (adopt|apply)/.test(line) ? ' --yes' : ''
      const { code, stdout, stderr } = await here.hma(`${line.replace(/^hma /, '')}${asks} --sandbox`)
      // Before the adoption a person has to act first.
      expect({ line, code }, stdout + stderr).toEqual({ line, code: index === 2 ? 3 : 0 })
      expect(shows.length).toBeGreaterThan(0)
      for (const shown of shows) expect(plain(stdout + stderr), `${line}: ${shown}`).toContain(plain(shown))
    }
    const after = world()
    // Nothing was created again, and nothing that Terraform made is gone.
    expect(
      applications(after)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(
      applications(before)
        .map(({ id }) => id)
        .sort(),
    )
    expect(certificates(after).map(({ versions }) => versions.map(({ version }) => version))).toEqual(
      certificates(before).map(({ versions }) => versions.map(({ version }) => version)),
    )
    const status: Record<string, Status> = JSON.parse((await here.hma('status --sandbox --json')).stdout)
    const others = status.contoso?.others ?? []
    expect(others.map(({ type, name }) => [type, name])).toContainEqual(['secret', terraforms.password])
    const keyIds = applications(after).flatMap((one) =>
      [...one.passwordCredentials, ...one.keyCredentials].map(({ keyId }) => keyId),
    )
    for (const { keyId } of others) expect(keyIds).toContain(keyId)
  } finally {
    await here.leave()
  }
})
