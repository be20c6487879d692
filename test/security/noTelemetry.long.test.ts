import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'

/** Hosts of the cloud and this configuration; no other host is contacted, not even to report that hma ran. */
const named =
  /^(login\.microsoftonline\.com|graph\.microsoft\.com|management\.azure\.com|[\w-]+\.vault\.azure\.net|[\w-]+\.crm\d*\.dynamics\.com|mail\.contoso\.com)$/

test.each(['plan', 'status', 'verify'])('%s contacts only hosts of the cloud and of the configuration', async (command) => {
  const place = await workplace(yaml())
  try {
    await place.hma(`${command} --sandbox --log run.log`)
    const log = await readFile(join(place.directory, 'run.log'), 'utf8')
    const hosts = [...log.matchAll(/ (?:GET|POST|PATCH|PUT|DELETE) (https?:\/\/\S+)/g)].map(
      ([, url = '']) => new URL(url).hostname,
    )
    expect(hosts.length).toBeGreaterThan(3)
    expect([...new Set(hosts)].filter((host) => !named.test(host))).toEqual([])
  } finally {
    await place.leave()
  }
})
