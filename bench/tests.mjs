import { join } from 'node:path'
import { run } from './lab.mjs'

/** The command that runs every check, as the README names it. */
export async function tests(told) {
  const { seconds } = await run('test', { cwd: join(import.meta.dirname, '..'), command: 'npm', args: [] })
  told('npm test', seconds / 60, { unit: 'min', target: 4, digits: 1 })
}
