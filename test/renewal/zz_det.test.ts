import { test } from 'vitest'
import { scenario } from '../support/scenarios.ts'
import { perform } from './simulation/perform.ts'
import { storyOf } from './simulation/schedule.ts'
test('det', async () => {
  const bad = []
  for (let seed = 1; seed <= 40; seed++) {
  const story = storyOf(seed)
  const s = await scenario(story.name, story.variant)
  const run = async () => (await perform(s, story)).log.map((l) => `${l.at} ${l.service} ${l.method} ${l.url.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|localhost:\d+|appRoleAssignments.[\w-]{43}|[0-9a-f]{32}/gi, '…')} ${l.status} ${l.fault}`)
  const [a, b] = [await run(), await run()]
  const at = a.findIndex((l, i) => l !== b[i])
  if (at !== -1 || a.length !== b.length) { bad.push(seed); console.log(seed, a.length, b.length, at, '\n', a.slice(at-2, at+2).join('\n '), '\n---\n', b.slice(at-2, at+2).join('\n ')) }
  }
  console.log('BAD', bad)
}, 120000)
