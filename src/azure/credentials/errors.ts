import type { ErrorRow, Refused, SignInIdentity, Words } from '../errors/row.ts'

type By = (identity: SignInIdentity & { readonly app?: undefined }) => string
type ByApp = (app: NonNullable<SignInIdentity['app']>, tenantKey: string) => string

const tenantKeys = { 'KV-App': 'keyVault.tenantId', 'HMA-App': 'hmaApp.tenantId' } as const

/** Advice for the identity of `auth`, and advice for the two registrations, which sign in as Dynamics does. */
const words =
  (own: By, byApp: ByApp): Words =>
  ({ identity }: Refused): string =>
    identity?.app === undefined ? own({ tenantId: identity?.tenantId ?? '…' }) : byApp(identity.app, tenantKeys[identity.app])

const logIn = (tenantId: string): string => `Run: az login --tenant ${tenantId}`
const adminOf = (app: string): string => `Have an administrator exempt ${app}: the policy applies to Dynamics as well.`

const conditionalAccess = words(
  () =>
    'A Conditional Access policy forbids this sign-in. Run hma from where the policy allows it, or have the identity exempted.',
  (app) => `A Conditional Access policy forbids this sign-in. ${adminOf(app)}`,
)
const tenantRestrictions =
  'Tenant restrictions on this network do not allow this tenant. Have the network administrator allow it, or run hma from another network.'
const mfa = (what: string): Words =>
  words(
    ({ tenantId }) => `${what} ${logIn(tenantId)}`,
    (app) => `${what} ${adminOf(app)}`,
  )
const federated = 'Add a federated credential to the registration with exactly this issuer, subject and audience.'

/**
 * A registration that hma has just created or enabled takes a while to reach all of Entra's replicas, even if Graph shows it already.
 * The identity of `auth` existed before.
 */
const lagIfNew = ({ identity }: Refused): 'lag' | undefined => (identity?.app === undefined ? undefined : 'lag')

/** What Entra refuses at sign-in (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
export const signInErrors: readonly ErrorRow[] = [
  {
    ...{ code: 'AADSTS90002', entry: 'HMA203' },
    next: words(
      () => 'No such tenant in this cloud. Check the tenant id, and `cloud`.',
      (_app, key) => `No such tenant in this cloud. Check ${key}, and \`cloud\`.`,
    ),
  },
  {
    ...{ code: 'AADSTS900023', entry: 'HMA203' },
    next: words(
      () => 'This is not a tenant id. Correct it in the configuration.',
      (_app, key) => `This is not a tenant id. Correct ${key}.`,
    ),
  },
  {
    ...{ code: 'AADSTS700016', passes: lagIfNew, entry: 'HMA202' },
    next: words(
      () => 'The application is not known in this tenant. Check `auth` for it: clientId, and the tenant that it is listed under.',
      (app, key) => `${app} is not known in this tenant. Check ${key}, or run \`hma apply\`: it creates the registration.`,
    ),
  },
  {
    ...{ code: 'AADSTS7000229', passes: lagIfNew, entry: 'HMA202' },
    next: words(
      () => 'The application has no service principal in this tenant. Create one: az ad sp create --id …',
      (app) => `${app} has no service principal in this tenant. Run \`hma apply\`: it creates one.`,
    ),
  },
  {
    ...{ code: 'AADSTS7000112', passes: lagIfNew, entry: 'HMA202' },
    next: words(
      () => 'The application is disabled. Have an administrator enable its enterprise application.',
      (app) => `Sign-in of ${app} is disabled in Entra. Run \`hma apply\`: it enables the enterprise application again.`,
    ),
  },
  {
    ...{ code: 'AADSTS7000215', entry: 'HMA202' },
    next: words(
      () => 'The client secret is wrong. Use its value, not its id; a new one takes up to a minute to take effect.',
      (app) =>
        `The client secret is not one of ${app}. A new one takes up to a minute to take effect; then run \`hma rotate clientSecret\`.`,
    ),
  },
  {
    ...{ code: 'AADSTS7000222', entry: 'HMA202' },
    next: words(
      () => 'The client secret has expired. Create a new one and put it under `auth`.',
      (app) => `The client secret of ${app} has expired. Run \`hma apply\`: it creates a new one.`,
    ),
  },
  {
    ...{ code: 'AADSTS700027', entry: 'HMA202' },
    next: words(
      () =>
        'The certificate is not registered with the application, or has expired. Register it, or check `auth` certificateFile.',
      (app) =>
        `The certificate is not registered with ${app}, or has expired there. Run \`hma apply\`: it registers what the vault serves. A new one takes up to a minute to take effect.`,
    ),
  },
  {
    ...{ code: 'AADSTS700024', entry: 'HMA135' },
    next: words(
      () =>
        'The clock of this machine is wrong, or the token of the pipeline is too old. Set the clock; fetch a new token for each run.',
      () => 'What this machine signs is not valid at the time of Entra. Set the clock of this machine.',
    ),
  },
  { code: 'AADSTS700211', entry: 'HMA202', next: `The application does not trust this issuer. ${federated}` },
  {
    ...{ code: 'AADSTS700212', entry: 'HMA202' },
    next: 'The token is for another audience. Ask for api://AzureADTokenExchange, and name it in the federated credential.',
  },
  {
    ...{ code: 'AADSTS700213', entry: 'HMA202' },
    next: 'The federated credential names another subject. It must be exactly the one that was presented, upper and lower case included: branch, environment or pull request.',
  },
  { code: 'AADSTS70021', entry: 'HMA202', next: `No federated credential of the application fits the token. ${federated}` },
  {
    ...{ code: 'AADSTS50034', entry: 'HMA202' },
    next: words(
      ({ tenantId }) => `The user does not exist in this tenant. ${logIn(tenantId)}`,
      () => '',
    ),
  },
  { code: 'AADSTS50076', entry: 'HMA202', next: mfa('Multi-factor authentication is required.') },
  { code: 'AADSTS50079', entry: 'HMA202', next: mfa('Multi-factor authentication must be set up first.') },
  { code: 'AADSTS50078', entry: 'HMA202', next: mfa('The multi-factor authentication has expired.') },
  { code: 'AADSTS50173', entry: 'HMA202', next: mfa('The sign-in was revoked, for example by a new password.') },
  { code: 'AADSTS700082', entry: 'HMA202', next: mfa('The sign-in has expired because it was not used.') },
  { code: 'AADSTS70043', entry: 'HMA202', next: mfa('The sign-in has expired because of a Conditional Access policy.') },
  { code: 'AADSTS53003', entry: 'HMA202', next: conditionalAccess },
  {
    ...{ code: 'AADSTS530003', entry: 'HMA202' },
    next: words(
      () => 'A Conditional Access policy requires a managed device. Run hma from one.',
      (app) => `A Conditional Access policy requires a managed device. ${adminOf(app)}`,
    ),
  },
  {
    ...{ code: 'AADSTS53011', entry: 'HMA202' },
    next: 'Entra blocks this identity because of its risk. Have a security administrator review it under Risky users or Risky workload identities.',
  },
  {
    ...{ code: 'AADSTS530035', entry: 'HMA202' },
    next: 'Security defaults of the tenant block this sign-in. Sign in with multi-factor authentication, or use an application.',
  },
  { code: 'AADSTS500021', entry: 'HMA202', next: tenantRestrictions },
  { code: 'AADSTS5000211', entry: 'HMA202', next: tenantRestrictions },
  {
    ...{ code: 'AADSTS500014', entry: 'HMA202' },
    next: 'The service that the token is for is disabled in this tenant. Ask an administrator to enable its service principal under Enterprise applications; for Exchange it is Office 365 Exchange Online.',
  },
  {
    ...{ code: 'AADSTS500011', entry: 'HMA202' },
    next: words(
      () => 'The service is not known in this tenant. Check the tenant, and for Dynamics 365 the address of the environment.',
      (_app, key) =>
        `The resource id is not among the service principal names of Office 365 Exchange Online in this tenant. Check exchange.resourceId and ${key}; the Hybrid Configuration Wizard registers the name.`,
    ),
  },
  {
    ...{ code: 'AADSTS65001', entry: 'HMA202' },
    next: words(
      () => 'No one has consented to this application in this tenant. Have an administrator consent.',
      (app) => `No one has consented to ${app} in this tenant. Run \`hma apply\`, or have an administrator consent.`,
    ),
  },
  ...['AADSTS90033', 'AADSTS90024', 'AADSTS90006', 'AADSTS90043'].map(
    (code): ErrorRow => ({
      ...{ code, passes: 'transient', entry: 'HMA505' },
      next: 'Entra is busy or has a temporary fault. Run it again later: hma continues where it stopped.',
    }),
  ),
  {
    ...{ status: 404, says: /^$/, entry: 'HMA507' },
    next: 'The server that answers is not Entra. Check cloud.authorityHost, and the proxy between hma and it.',
  },
]
