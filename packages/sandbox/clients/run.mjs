// Runs unmodified third-party clients against the sandbox named by the variables of `hma sandbox env`. Prints one line of JSON per step.
//   eval "$(hma sandbox env)"   node packages/sandbox/clients/run.mjs [CLIENT…]
// Besides those variables: SANDBOX_VAULT, SANDBOX_DATAVERSE and SANDBOX_EWS name the sandbox's contents; SANDBOX_MAIL_TENANT, _ID and
// _SECRET are the identity that may read the last two.
import { createRequire } from 'node:module'
import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici'

// What NODE_USE_ENV_PROXY does from Node 22.21 on.
setGlobalDispatcher(new EnvHttpProxyAgent())

const modules = ['azure', 'keys', 'graph', 'signIn', 'dynamics', 'exchange']
const { resolve } = createRequire(import.meta.url)

/** The version of a package, whether or not it exports its package.json. */
async function versionOf(name) {
  const { readFile } = await import('node:fs/promises')
  const [folder] = resolve(name).split(`/node_modules/${name}/`)
  const { version } = JSON.parse(await readFile(`${folder}/node_modules/${name}/package.json`, 'utf8'))
  return version
}

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const wanted = process.argv.slice(2)

for (const module of modules) {
  const { clients } = await import(`./${module}.mjs`)
  for (const [client, steps] of Object.entries(clients)) {
    if (wanted.length > 0 && !wanted.includes(client)) continue
    const version = await versionOf(client)
    for (const [step, carryOut] of Object.entries(steps)) {
      const failure = await carryOut().then(
        () => undefined,
        (error) => String(error?.message ?? error),
      )
      print({ client, version, step, ...(failure !== undefined && { failure }) })
    }
  }
}
// Some clients keep connections open.
process.exit(0)
