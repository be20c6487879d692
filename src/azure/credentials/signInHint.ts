/** Entra's codes, what caused them and what helps (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const hints: Readonly<Record<string, string>> = {
  AADSTS90002: 'No such tenant in this cloud. Check the tenant id, and `cloud`.',
  AADSTS900023: 'The tenant id is not one. Check it in the configuration.',
  AADSTS700016: 'The application is not known in this tenant. Check `auth` for it: clientId, and the tenant it stands under.',
  AADSTS7000215: 'The client secret is wrong. Use its value, not its id; a new one takes up to a minute to count.',
  AADSTS7000222: 'The client secret has expired. Make a new one and put it under `auth`.',
  AADSTS7000112: 'The application is disabled. Have an administrator enable its enterprise application.',
  AADSTS700027:
    'The certificate is not registered with the application, or has expired. Register it, or check `auth` certificatePath.',
  AADSTS700211:
    'The application trusts no such issuer. Add a federated credential to its registration, with exactly the issuer that was presented.',
  AADSTS700212: 'The token is for another audience. Ask for api://AzureADTokenExchange, and name it in the federated credential.',
  AADSTS700213:
    'The federated credential names another subject. It has to be exactly the one that was presented, upper and lower case included: branch, environment or pull request.',
  AADSTS700024:
    'The assertion is too old, or a clock is wrong. Fetch a new token for each run, and check the clock of this machine.',
  AADSTS50034: 'The user does not exist in this tenant. Sign in with an account of this tenant: az login --tenant.',
  AADSTS50076: 'Multi-factor authentication is asked for. Sign in anew: az login --tenant.',
  AADSTS50079: 'Multi-factor authentication must be set up first. Sign in anew: az login --tenant.',
  AADSTS53003: 'A Conditional Access policy forbids it. Run hma from where the policy allows, or have the identity exempted.',
  AADSTS530003: 'A Conditional Access policy asks for a managed device. Run hma from one.',
  AADSTS500011: 'The service is not known in this tenant. Check the tenant, and for Dynamics 365 the address of the environment.',
  AADSTS65001: 'Nobody consented to this application in this tenant. Have an administrator consent.',
}

export const hintForSignIn = (code: string): string | undefined => hints[code]
