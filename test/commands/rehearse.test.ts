import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { leaked } from '../support/rehearsal.ts'

let place: Workplace
afterEach(() => place.leave())

const configuration = yaml({ create: 'rbac', copy: true, mailboxes: ['a@contoso.com'] })

describe('what leaves the machine, and what is kept', () => {
  test('GET requests and sign-ins, and nothing else', async () => {
    place = await workplace(configuration)
    const { stderr } = await place.hma('rehearse --sandbox -v --schedules 0')
    const asked = [...stderr.matchAll(/^\S*\s*(GET|POST|PUT|PATCH|DELETE) (\S+)/gm)].map(([, method, url]) => ({ method, url }))
    expect(asked.length).toBeGreaterThan(10)
    const others = asked.filter(({ method, url }) => method !== 'GET' && !url?.includes('/oauth2/'))
    expect(others).toEqual([])
    expect((await place.hma('plan --sandbox --json')).stdout).toContain('"create": 11')
  }, 120_000)

  test('a copy holds no secret, and one that was edited or is of another version is refused', async () => {
    place = await workplace(configuration)
    await place.hma('apply --yes --sandbox -q')
    await place.hma('rehearse --sandbox --schedules 0 --save copy.json')
    const text = await readFile(join(place.directory, 'copy.json'), 'utf8')
    expect(leaked(JSON.parse(await readFile(join(place.directory, '.hma/sandbox.json'), 'utf8')), text)).toEqual([])

    const copy = JSON.parse(text)
    for (const [content, said] of [
      [JSON.stringify({ ...copy, format: 'hma-rehearsal/9' }), 'format hma-rehearsal/9'],
      [JSON.stringify({ ...copy, deployments: [{ name: 'contoso' }] }), '/deployments/0'],
      ['{', 'not JSON'],
    ] as const) {
      await place.write('bad.json', content)
      const { code, stderr } = await place.hma('rehearse --from bad.json')
      expect([code, stderr]).toEqual([1, expect.stringContaining('HMA116')])
      expect(stderr.replace(/\s+/g, ' ')).toContain(said)
    }
  }, 120_000)
})
