import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What started this run. */
export const event = () => JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))

/** `gh` comes with GitHub's runners, and finds its token in GH_TOKEN. */
export function api(method, path, fields) {
  const args = ['api', '--method', method, `repos/${process.env.GITHUB_REPOSITORY}/${path}`]
  const input = fields && JSON.stringify(fields)
  const { status, stdout, stderr, error } = spawnSync('gh', [...args, ...(input ? ['--input', '-'] : [])], {
    ...(input && { input }),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error || status !== 0) throw new Error(`GitHub refuses ${method} ${path}: ${error?.message ?? stderr}`)
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}
