import { api, event } from './github.mjs'

/** https://docs.github.com/rest/issues/comments: GitHub refuses a longer one. */
const longest = 65_536

/** Keeps this plan's one comment on the pull request: created once, then edited. */
export async function comment(asked, { digest, markdown }) {
  const { pull_request: pull } = event()
  if (!pull) return
  const body = fitting(`${opening(asked)} head=${pull.head.sha} digest=${digest} -->\n### hma plan\n\n`, markdown)
  const former = commentOf(asked, pull.number)
  if (former) api('PATCH', `issues/comments/${former.id}`, { body })
  else api('POST', `issues/${pull.number}/comments`, { body })
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
