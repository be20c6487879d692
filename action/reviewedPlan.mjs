import { createHash } from 'node:crypto'
import { api, event } from './github.mjs'

/**
 * The artifact name under which the planning run stores its plan: it states the deployments, the branch and the digest. A comment can
 * be edited, and any workflow can write one; an artifact belongs to the run that made it, and GitHub says which run that was.
 */
export function artifactName(asked, digest) {
  const { pull_request: pull } = event()
  return pull ? `${beginning(asked, pull.base.ref)}${digest.replace('sha256:', '')}` : ''
}

const beginning = ({ key }, branch) => `hma-plan-${key}-${createHash('sha256').update(branch).digest('hex').slice(0, 8)}-`

/**
 * The digest of the plan reviewed before this commit was merged: made by a run of this same workflow for the last commit of
 * the pull request. A commit pushed after the plan has no plan.
 */
export async function reviewedDigest(asked) {
  const { GITHUB_SHA: commit, GITHUB_REF_NAME: branch, GITHUB_REPOSITORY: repository } = process.env
  const next = 'Review a new plan, and run the workflow manually with its digest.'
  const pull = api('GET', `commits/${commit}/pulls`).find(
    ({ merged_at: at, merge_commit_sha: sha, base }) =>
      at && sha === commit && base.ref === branch && base.repo.full_name === repository,
  )
  if (!pull)
    throw new Error(
      `No pull request merged into ${branch} contains the commit ${commit}, so no one has reviewed a plan for it. ${next}`,
    )
  const names = runsFor(pull, repository).flatMap(artifactsOf)
  const found = names.find((name) => name.startsWith(beginning(asked, branch)))
  const [digest] = /[0-9a-f]{64}$/.exec(found ?? '') ?? []
  if (digest) return `sha256:${digest}`
  throw new Error(
    `No run of this workflow has planned these deployments for the last commit of the pull request #${pull.number}. ${next}`,
  )
}

/** The runs of this workflow in this repository for the pull request's last commit, newest first. */
function runsFor({ head }, repository) {
  const workflow = (process.env.GITHUB_WORKFLOW_REF ?? '').replace(`${repository}/`, '').replace(/@.*$/, '')
  const { workflow_runs: runs } = api('GET', `actions/runs?head_sha=${head.sha}&event=pull_request&per_page=100`)
  return runs
    .filter((run) => run.path === workflow && run.event === 'pull_request' && run.head_sha === head.sha)
    .filter((run) => [run.repository, run.head_repository].every((one) => one?.full_name === repository))
    .sort((one, other) => other.run_number - one.run_number)
}

const artifactsOf = ({ id }) =>
  api('GET', `actions/runs/${id}/artifacts?per_page=100`)
    .artifacts.filter(({ expired }) => !expired)
    .sort((one, other) => (one.created_at < other.created_at ? 1 : -1))
    .map(({ name }) => name)
