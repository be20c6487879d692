// `gh api`, as far as the action uses it, over a GitHub that is a file: the one that HMA_GITHUB names.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'

const file = process.env.HMA_GITHUB
const github = JSON.parse(readFileSync(file, 'utf8'))
const [api, , method, path, input] = process.argv.slice(2)
const body = input === '--input' ? JSON.parse(readFileSync(0, 'utf8')) : undefined
appendFileSync(`${file}.calls`, `${JSON.stringify({ method, path, body })}\n`)

const routes = [
  ['GET', /\/commits\/(\w+)\/pulls$/, (sha) => github.pulls.filter(({ commits }) => commits.includes(sha))],
  ['GET', /\/actions\/runs\?head_sha=(\w+)&event=pull_request&per_page=100$/, runs],
  ['GET', /\/actions\/runs\/(\d+)\/artifacts\?per_page=100$/, (id) => ({ artifacts: artifactsOf(Number(id)) })],
  ['GET', /\/issues\/(\d+)\/comments\?per_page=(\d+)&page=(\d+)$/, listed],
  ['POST', /\/issues\/(\d+)\/comments$/, (number) => made(Number(number))],
  ['PATCH', /\/issues\/comments\/(\d+)$/, (id) => Object.assign(found(Number(id)), body)],
]

const [, pattern, answer] = routes.find(([verb, one]) => verb === method && one.test(path)) ?? []
if (api !== 'api' || !answer || !process.env.GH_TOKEN || body?.body?.length > 65_536) {
  process.stderr.write(`gh: ${process.env.GH_TOKEN ? 'Not Found (HTTP 404)' : 'no token'}\n`)
  process.exitCode = 1
} else {
  const [, ...parts] = pattern.exec(path)
  process.stdout.write(JSON.stringify(answer(...parts)))
  writeFileSync(file, JSON.stringify(github))
}

function listed(number, size, page) {
  const all = github.comments.filter((one) => one.number === Number(number))
  return all.slice(size * (page - 1), size * page)
}

function made(number) {
  const comment = { id: github.comments.length + 1, number, user: { login: github.me }, ...body }
  github.comments.push(comment)
  return comment
}

function found(id) {
  return github.comments.find((one) => one.id === id)
}

/** GitHub's filter is not relied on: the action checks each run itself. */
function runs() {
  return { workflow_runs: github.runs.map(({ artifacts: _, ...run }) => run) }
}

function artifactsOf(id) {
  return github.runs.find((one) => one.id === id).artifacts
}
