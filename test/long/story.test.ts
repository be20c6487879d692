import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compiled, type Program } from '../support/program.ts'

let program: Program
beforeAll(async () => {
  program = await compiled()
})
afterAll(() => program.remove())

const story = join(import.meta.dirname, '../../scripts/story.mjs')
const played = (script: string) => promisify(execFile)(process.execPath, [story, '--program', script])

test('the story of the guide ends well', { timeout: 240_000 }, async () => {
  const { stdout } = await played(program.script)
  const told = [
    ...['A pull request, its plan, and the merge', 'Plan: 11 to create.', 'A plan that went stale', 'Nothing was changed.'],
    ...[
      'A hand in the portal',
      'displayName Renamed again',
      'A year',
      '3 secrets, 2 certificates',
      'No sign-in outage',
      'ends well',
    ],
  ]
  const places = told.map((words) => stdout.indexOf(words))
  expect(places, stdout).toEqual([...places].sort((one, other) => one - other))
  expect(places).not.toContain(-1)
})

test('it stops if hma does not behave as described', async () => {
  await expect(played(join(import.meta.dirname, 'story.test.ts'))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The story breaks off: validate had to end with 0.'),
  })
})
