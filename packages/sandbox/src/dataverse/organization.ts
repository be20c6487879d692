import type { Dataverse, OrganizationState } from './state.ts'

const hostName = (url: string): string => (URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '')

/** Hosts by URL: every request searches the environments, and a large world has a thousand. */
const hosts = new Map<string, string>()

function hostOf({ environmentUrl }: OrganizationState): string {
  const host = hosts.get(environmentUrl) ?? hostName(environmentUrl)
  hosts.set(environmentUrl, host)
  return host
}

/** By names under this one the first organisation can always be reached. */
const everyones = '.crm.sandbox.localhost'

/** The organisation that answers at a URL. The port does not count; `org.api.crm…` is another name of `org.crm…`. */
export function organizationAt(dataverse: Dataverse, url: string): OrganizationState | undefined {
  const asked = hostName(url)
  const names = [asked, asked.replace('.api.', '.')]
  const found = dataverse.organizations.find((one) => names.includes(hostOf(one)))
  return found ?? (asked.endsWith(everyones) ? dataverse.organizations[0] : undefined)
}
