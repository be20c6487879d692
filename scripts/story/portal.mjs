// A change in the portal: a user with the right bypasses git and hma.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { createInterface } from 'node:readline'

/** Serves the state that `hma --sandbox` keeps in this folder, runs `work` against it, and returns the sandbox's last output. */
export async function withSandbox({ program, directory, config }, work = () => {}) {
  const serving = spawn(process.execPath, [program, 'sandbox', '--json', '--file', config], { cwd: directory })
  const last = { text: '' }
  serving.stderr.setEncoding('utf8').on('data', (part) => {
    last.text += part
  })
  const ended = once(serving, 'close')
  try {
    const [line] = await Promise.race([once(createInterface(serving.stdout), 'line'), ended.then(() => [])])
    if (!line) throw new Error(`The sandbox did not start: ${last.text}`)
    await work(JSON.parse(line))
  } finally {
    serving.kill('SIGINT')
    await ended
  }
  return last.text
}

/** Gives a registration another display name, as an owner of its tenant. */
export const renameInPortal = (where, { tenantId, uniqueName, displayName }) =>
  withSandbox(where, async ({ caFile, endpoints, principals }) => {
    const ca = readFileSync(caFile)
    const { clientId, clientSecret } = principals.find((one) => one.tenantId === tenantId && one.rights === 'owner')
    const grant = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${endpoints.graph}/.default`,
    }
    const token = await call(`${endpoints.authorityHost}/${tenantId}/oauth2/v2.0/token`, {
      ...{ ca, method: 'POST', body: String(new URLSearchParams(grant)) },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    await call(`${endpoints.graph}/v1.0/applications(uniqueName='${uniqueName}')`, {
      ...{ ca, method: 'PATCH', body: JSON.stringify({ displayName }) },
      headers: { authorization: `Bearer ${JSON.parse(token).access_token}`, 'content-type': 'application/json' },
    })
  })

/** `*.localhost` is this machine, whatever its resolver says (RFC 6761). */
async function call(url, { body, ...options }) {
  const lookup = (_host, { all }, answer) =>
    all ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4)
  const asked = request(url, { ...options, lookup }).end(body)
  const [answer] = await once(asked, 'response')
  const text = (await answer.setEncoding('utf8').toArray()).join('')
  if (answer.statusCode >= 300) throw new Error(`${options.method} ${url} was answered with ${answer.statusCode}: ${text}`)
  return text
}
