/** In addition to the cloud's own: EvoSTS is set up with one of these names (https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud). */
const names = [
  'login.windows.net',
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn',
]

/** The hosts to which Exchange may send clients for a token; the cloud's own first. */
export const signInHosts = (authorityHost: string): readonly string[] => [...new Set([new URL(authorityHost).hostname, ...names])]
