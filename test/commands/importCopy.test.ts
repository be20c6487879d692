import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { copyEnvironment, copyUrl, organization, profilesOf } from '../ownership/others.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let place: Workplace
beforeEach(async () => {
  place = await workplace(yaml())
  expect((await place.hma('apply --sandbox --yes')).code).toBe(0)
})
afterEach(() => place.leave())

async function portal(change: (world: World) => void): Promise<void> {
  const path = join(place.directory, '.hma', 'sandbox.json')
  const world: World = JSON.parse(await readFile(path, 'utf8'))
  change(world)
  await writeFile(path, JSON.stringify(world))
}

test.each([
  ['with the marks of this version', undefined],
  ['with those of an earlier version', 'Managed by hma, deployment contoso.'],
])('a copy of an environment, %s, gets a free name, and import says why', async (_what, description) => {
  await portal((world) => {
    if (description !== undefined) for (const { cells } of profilesOf(organization(world))) cells.description = description
    copyEnvironment(world)
  })
  const { code, stdout, stderr } = await place.hma(`import ${copyUrl} --sandbox`)
  expect(code, stderr).toBe(0)
  expect(parse(stdout)).toMatchObject({ name: 'contoso-test', dynamics: { environmentUrl: copyUrl } })
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('The name contoso is used for')
})

test('the original keeps its name', async () => {
  await portal((world) => void copyEnvironment(world))
  const { stdout } = await place.hma('import https://contoso.crm4.dynamics.com --sandbox')
  expect(parse(stdout)).toMatchObject({ name: 'contoso' })
})

test('a name that the folder uses for another environment is not used again, whatever the marks say', async () => {
  await portal((world) => {
    for (const row of profilesOf(copyEnvironment(world))) row.cells.description = null
  })
  await writeFile(
    join(place.directory, 'other.yaml'),
    yaml({ name: 'contoso-test', vault: 'kv-other-mail', environmentUrl: 'https://other.crm4.dynamics.com' }),
  )
  const { stdout, stderr } = await place.hma(`import ${copyUrl} --sandbox -f . -f other.yaml`)
  expect(parse(stdout), stderr).toMatchObject({ name: 'contoso-test-2' })
})

test('adopt, then apply: the copy gets its own secret, and the original is not affected', async () => {
  await portal((world) => void copyEnvironment(world))
  await writeFile(join(place.directory, 'copy.yaml'), yaml({ environmentUrl: copyUrl }))
  const blocked = await place.hma('apply --sandbox --yes -f copy.yaml')
  expect(blocked).toMatchObject({ code: 3, stdout: expect.stringContaining('copied from https://contoso.crm4.dynamics.com') })
  for (const line of ['adopt --sandbox --yes', 'apply --sandbox --yes', 'plan --sandbox --detailed-exitcode']) {
    const { code, stdout, stderr } = await place.hma(`${line} -f copy.yaml`)
    expect({ line, code }, stdout + stderr).toEqual({ line, code: 0 })
  }
  expect((await place.hma('plan --sandbox --detailed-exitcode')).code).toBe(0)
  // Both have the same name, so neither can be destroyed without affecting the other.
  for (const file of ['hma.config.yaml', 'copy.yaml'])
    expect((await place.hma(`destroy --sandbox --yes -f ${file}`)).code).toBe(3)
})
