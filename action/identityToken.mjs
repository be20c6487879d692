import { renameSync, writeFileSync } from 'node:fs'

const audience = 'api://AzureADTokenExchange'
const often = 180_000

/**
 * The token that GitHub gives this job, in a file that is refreshed while hma works: it is valid for minutes, and a fleet may take longer.
 * Undefined if the job may not have one (`permissions: id-token: write`).
 * https://docs.github.com/actions/reference/openid-connect-reference
 */
export async function freshToken(file) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env
  if (!url || !bearer) return undefined
  const write = async () => {
    const temporary = `${file}.new`
    writeFileSync(temporary, await token(url, bearer), { mode: 0o600 })
    renameSync(temporary, file)
  }
  await write()
  // A failed refresh is tried again; the previous token is still valid for a while.
  const timer = setInterval(() => void write().catch(() => {}), often)
  return { file, stop: () => clearInterval(timer) }
}

async function token(url, bearer) {
  const where = new URL(url)
  where.searchParams.set('audience', audience)
  const answer = await fetch(where, { headers: { authorization: `Bearer ${bearer}` }, signal: AbortSignal.timeout(30_000) })
  if (!answer.ok) throw new Error(`GitHub gives no identity token: ${answer.status} ${await answer.text()}`)
  const { value } = await answer.json()
  // The runner masks it, should anything print it.
  process.stdout.write(`::add-mask::${value}\n`)
  return value
}
