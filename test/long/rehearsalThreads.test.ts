import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'
import { compiled } from '../support/program.ts'

test('the installed program runs the schedules in several threads', async () => {
  const [program, here] = await Promise.all([compiled(), workplace(yaml())])
  try {
    expect(existsSync(join(dirname(program.script), 'rehearsalThread.js'))).toBe(true)
    const line = 'rehearse --sandbox --json --schedules 10 --every 4w'
    const { code, stdout, stderr } = await program.start(line, { directory: here.directory }).ended
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/warning|error/i)])
    expect(JSON.parse(stdout).deployments[0].faults).toMatchObject({ schedules: 10, broken: [] })
  } finally {
    await Promise.all([program.remove(), here.leave()])
  }
}, 300_000)
