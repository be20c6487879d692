import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** https://docs.github.com/rest/issues/comments: GitHub refuses a longer one. */
const longest = 65_536

/** Keep the one comment of this plan on the pull request: made once, and edited from then on. */
export async function comment(asked, { digest, markdown }) {
  const { pull_request: pull } = event()
  if (!pull) return
  const body = fitting(`${opening(asked)} head=${pull.head.sha} digest=${digest} -->\n### hma plan\n\n`, markdown)
  const former = commentOf(asked, pull.number)
  if (former) api('PATCH', `issues/comments/${former.id}`, { body })
  else api('POST', `issues/${pull.number}/comments`, { body })
}

/**
 * The digest of the plan that was looked at before this commit was merged. Only a comment counts that the pipeline wrote, of the last commit
 * of the pull request: whoever pushed another one after the plan has no plan for it.
 */
export async function reviewedDigest(asked) {
  const commit = process.env.GITHUB_SHA
  const merged = api('GET', `commits/${commit}/pulls`).filter(({ merged_at: at }) => at)
  const pull = merged.find(({ merge_commit_sha: sha }) => sha === commit) ?? merged[0]
  const next = 'Look at a new plan, and run the workflow by hand with its digest.'
  if (!pull) throw new Error(`No merged pull request brought the commit ${commit}, so nobody has reviewed a plan for it. ${next}`)
  const body = commentOf(asked, pull.number)?.body
  if (body === undefined) throw new Error(`The pull request #${pull.number} has no plan of these deployments. ${next}`)
  const [, head, digest] = /^<!-- hma:plan \S+ head=(\w+) digest=(sha256:[0-9a-f]{64}) -->/.exec(body) ?? []
  if (head !== pull.head.sha)
    throw new Error(`The plan on the pull request #${pull.number} is of an earlier commit than the last. ${next}`)
  return digest
}

const opening = ({ key }) => `<!-- hma:plan ${key}`

function commentOf(asked, number) {
  for (let page = 1; ; page++) {
    const some = api('GET', `issues/${number}/comments?per_page=100&page=${page}`)
    const found = some.find(({ user, body }) => user?.login === asked.commentAuthor && body?.startsWith(`${opening(asked)} `))
    if (found || some.length < 100) return found
  }
}

function fitting(beginning, markdown) {
  if (beginning.length + markdown.length <= longest) return `${beginning}${markdown}`
  const rest = '\n\n…\n\nThe plan is longer than a comment may be. All of it is in the summary of the run.'
  return `${beginning}${markdown.slice(0, longest - beginning.length - rest.length)}${rest}`
}

const event = () => JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))

/** `gh` comes with GitHub's runners, and finds its token in GH_TOKEN. */
function api(method, path, fields) {
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
