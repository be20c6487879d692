/** The two registrations of the procedure: they sign in as Dynamics makes them, and not by `auth`. */
export type App = 'KV-App' | 'HMA-App'

const tenantOf = { 'KV-App': 'keyVault.tenantId', 'HMA-App': 'hmaApp.tenantId' } as const satisfies Record<App, string>

const policy = (app: App): string =>
  `A Conditional Access policy keeps ${app} out. Have an administrator exempt it: the policy meets Dynamics as well.`

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const hints: Readonly<Record<string, (app: App) => string>> = {
  AADSTS90002: (app) => `No such tenant in this cloud. Check ${tenantOf[app]}, and \`cloud\`.`,
  AADSTS900023: (app) => `The tenant id is not one. Check ${tenantOf[app]}.`,
  AADSTS700016: (app) =>
    `${app} is not known in this tenant. Check ${tenantOf[app]}, or run \`hma apply\`: it makes the registration.`,
  AADSTS7000229: (app) => `${app} has no service principal in this tenant. Run \`hma apply\`: it makes one.`,
  AADSTS7000112: (app) =>
    `Sign-in of ${app} is disabled in Entra. Run \`hma apply\`: it enables the enterprise application again.`,
  AADSTS7000215: (app) =>
    `The client secret is none of ${app}. A new one takes up to a minute to count; then run \`hma rotate clientSecret\`.`,
  AADSTS7000222: (app) => `The client secret of ${app} has expired. Run \`hma apply\`: it makes a new one.`,
  AADSTS700027: (app) =>
    `The certificate is not registered with ${app}, or has expired there. Run \`hma apply\`: it registers what the vault serves. A new one takes up to a minute to count.`,
  AADSTS700024: () => 'What the certificate signed is not valid now. Set the clock of this machine.',
  AADSTS500011: (app) =>
    `The resource id is not among the service principal names of Office 365 Exchange Online in this tenant. Check exchange.resourceId and ${tenantOf[app]}; the Hybrid Configuration Wizard registers the name.`,
  AADSTS65001: (app) => `Nobody consented to ${app} in this tenant. Run \`hma apply\`, or have an administrator consent.`,
  AADSTS53003: policy,
  AADSTS530003: policy,
}

export const hintForAppSignIn = (app: App, code: string): string | undefined => hints[code]?.(app)
