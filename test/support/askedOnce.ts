/** What each deployment needs once in a run, and how often `-v` says that it was asked for. */
export function askedOnce(trace: string) {
  const times = (what: RegExp): number => trace.split('\n').filter((line) => what.test(line)).length
  return {
    // hma's own, and not those that prove a new secret.
    signIns: times(/^POST .*\/oauth2\/v2\.0\/token\?client-request-id/),
    organizations: times(/^GET .*\/WhoAmI/),
    policies: times(/^GET .*\/policies\/defaultAppManagementPolicy/),
    exchange: times(/^GET .*\/servicePrincipals\(appId='00000002-0000-0ff1-ce00-000000000000'\)/),
  }
}
