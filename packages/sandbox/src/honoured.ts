import type { Served } from './hosts.ts'

/** Query options that each service honours, by their names in lower case. Those of Graph begin with `$` or do not, as its documentation has it. */
const options: Partial<Record<Served, readonly string[]>> = {
  management: ['api-version', '$filter', '$top', '$skiptoken', '$expand', 't', 'c', 's', 'h'],
  keyVault: ['api-version', 'maxresults', '$skiptoken', 'includepending', 'request_id'],
  graph: ['$filter', '$select', '$top', '$count', '$orderby', '$search', '$expand', '$skiptoken', 'client-request-id'],
  dataverse: ['$select', '$filter', '$expand', '$orderby', '$top', '$count', '$skiptoken', '$skip', 'fetchxml'],
}

/** Options of a request that the sandbox takes no notice of: its answer may be one to another question. */
export function ignoredOptions(service: Served, url: string): readonly string[] {
  const honoured = options[service]
  if (honoured === undefined) return []
  const names = [...new Set(new URL(url).searchParams.keys())]
  // Dataverse's parameter aliases are named by the path. Options with a `$` are refused by Graph and Dataverse themselves.
  const own = (name: string): boolean =>
    name.startsWith('@') || ((service === 'graph' || service === 'dataverse') && name.startsWith('$'))
  return names.filter((name) => !own(name) && !honoured.includes(name.toLowerCase()))
}

/** What strict mode answers. */
export const refuseIgnored = (names: readonly string[]): Response =>
  Response.json(
    {
      error: {
        code: 'SandboxStrict',
        message: `The sandbox does not honour the query option ${names.join(', ')} here. Turn its setting "strict" off to have it passed over.`,
      },
    },
    { status: 400 },
  )
