import type { Entry } from './entry.ts'

/** Refusals by services (2 sign-in, 3 rights, 4 conflict), what time may cure (5), and bugs in hma itself (9). */
export const services = {
  HMA201: {
    title: 'There is no credential to sign in with',
    cause: 'The credential that `auth` names for the tenant, or the Azure CLI, returned no token.',
    remedy:
      'Run `az login --tenant …` for the tenant of the message, or correct its entry under `auth`. `hma doctor` shows who is signed in to each tenant.',
  },
  HMA202: {
    title: 'Entra refuses the sign-in',
    cause: 'The secret or certificate is wrong or has expired, a federated credential does not fit, or a policy forbids it.',
    remedy: "The message includes Entra's AADSTS code and the remedy. `hma doctor` shows who is signed in to each tenant.",
  },
  HMA203: {
    title: 'Unknown tenant',
    cause: 'This cloud has no tenant with this id, or a vault or environment does not say which tenant it belongs to.',
    remedy: 'Check the tenant id, the address, and `cloud`.',
  },
  HMA204: {
    title: 'A service does not accept the token',
    cause:
      'The token is from another tenant, the clock of this machine is wrong, or the credential returns the wrong kind of token.',
    remedy: 'Check `auth` for the tenant that the message names, and the clock.',
  },
  HMA205: {
    title: 'A secret or token was not sent',
    cause:
      'A service, or something between it and hma, named a host that is in neither the cloud nor the configuration, or an address without https.',
    remedy:
      'Nothing was sent there. Check the address in the message and where it comes from: the vault, the environment or the authority.',
  },
  HMA301: {
    title: 'A permission in Microsoft Graph is missing',
    cause: 'The signed-in identity has no permission to read or change this in Microsoft Graph.',
    remedy:
      'Grant the permission or directory role named in the message, with admin consent. docs/rights.md lists them all. `hma doctor` shows every right that is missing.',
  },
  HMA302: {
    title: 'A right in the key vault is missing',
    cause:
      'The role or access policy of the vault does not allow the operation, or was granted a moment ago and has not taken effect yet.',
    remedy:
      'Grant the role or permission named in the message. A new role takes effect after a few minutes. `hma doctor` shows every right that is missing.',
  },
  HMA303: {
    title: 'A role in Azure is missing',
    cause:
      'The signed-in identity has no permission to read or change the vault or its role assignments in Azure Resource Manager.',
    remedy: 'Assign the role named in the message, at the scope it names. `hma doctor` shows every right that is missing.',
  },
  HMA304: {
    title: 'A right in Dynamics 365 is missing',
    cause: 'The signed-in identity is not a user of the environment, or its security roles lack a privilege.',
    remedy:
      'Add it as an application user in the Power Platform admin center, with the role or privilege named in the message. `hma doctor` shows every right that is missing.',
  },
  HMA305: {
    title: 'The vault firewall blocks this machine',
    cause: 'The vault allows only certain networks, and this machine is not in one of them.',
    remedy: 'Add its address to the vault in the portal, under Networking, or run hma from inside the network.',
  },
  HMA306: {
    title: 'A policy of the tenant forbids the credential',
    cause: 'An app management policy forbids secrets or certificates of this kind or lifetime.',
    remedy: 'Shorten the lifetime in the configuration, or ask for an exemption of the application from the policy.',
  },
  HMA307: {
    title: 'Exchange refuses',
    cause: 'Exchange, or a device in front of it, does not let the request through.',
    remedy: 'Run `hma verify`: it shows which step fails.',
  },
  HMA401: {
    title: 'The plan is out of date',
    cause: 'The configuration or Azure has changed since the plan was reviewed.',
    remedy: 'Nothing was changed. Create a new plan and have it reviewed.',
  },
  HMA402: {
    title: 'The name is taken',
    cause: 'Another vault, or a deleted app registration, has this name. Vault names are unique across the whole cloud.',
    remedy: 'Choose another name, or permanently delete the deleted object.',
  },
  HMA403: {
    title: 'The vault contains objects that hma did not create',
    cause: 'hma deletes a vault only if it contains nothing else.',
    remedy: 'Move the objects named in the message elsewhere and run `hma destroy` again, or delete the vault yourself.',
  },
  HMA404: {
    title: 'Changed by something else at the same time',
    cause: 'The service reports a conflict with another change, an operation in progress, or an object that already exists.',
    remedy: 'Run it again: hma continues where it stopped. If it happens again, find out what else changes the object.',
  },
  HMA405: {
    title: 'A service refuses the request',
    cause: 'The service rejects a value that the configuration asks for.',
    remedy:
      'The message includes the reason that the service gives. Correct the value it names; otherwise report it with the output of `-v`.',
  },
  HMA406: {
    title: 'A directory limit is reached',
    cause: 'The registration has too many credentials, or the identity has reached its quota of objects.',
    remedy: 'Remove what is no longer used, or use another identity.',
  },
  HMA407: {
    title: 'No mailbox can be enabled',
    cause: 'Sign-in to Exchange is not proven yet, or Test & Enable failed for a mailbox.',
    remedy: 'Run `hma verify`: it shows where sign-in fails. Once it is fixed, `hma apply` tests again.',
  },
  HMA408: {
    title: "A write would remove someone else's entry",
    cause:
      'Some lists can only be replaced whole, such as the certificates of a registration. The list changed after hma read it, or a lagging replica of the directory does not show all of it.',
    remedy: 'Nothing was written. Run the command again: hma reads the list again.',
  },
  HMA501: {
    title: 'A host cannot be reached',
    cause: 'Its name does not resolve, nothing listens there, a firewall drops the connection, or the connection was lost.',
    remedy: 'Check the address, the network and `HTTPS_PROXY`, and run again: hma continues where it stopped.',
  },
  HMA502: {
    title: 'A server certificate is not trusted',
    cause:
      'It has expired, is for another name, or was issued by an authority that this machine does not trust, such as a proxy that inspects TLS.',
    remedy:
      'Name the root certificate in `NODE_EXTRA_CA_CERTS` or `cloud.caFile`. Exchange needs a certificate from a public authority.',
  },
  HMA503: {
    title: 'The proxy refuses the connection',
    cause: 'The proxy in `HTTPS_PROXY` does not let hma connect to the host.',
    remedy: 'Check its address, its credentials and its rules, or add the host to `NO_PROXY`.',
  },
  HMA504: {
    title: 'A service is throttling',
    cause: 'The service received more requests than it allows, although hma waited as long as it asked.',
    remedy: 'Run again later, or with a lower `--concurrency`.',
  },
  HMA505: {
    title: 'A service has an internal error',
    cause: 'The service answered with an internal error several times.',
    remedy: 'Run the command again later. hma continues where it stopped. Azure reports outages at https://status.azure.com.',
  },
  HMA506: {
    title: 'Something has not settled yet',
    cause: 'A change is not visible everywhere yet: directories and vaults take a while to replicate.',
    remedy: 'Run `hma apply` again. It continues where it stopped.',
  },
  HMA507: {
    title: 'Unexpected response',
    cause: 'Something between hma and the service, such as a proxy, answered instead, or the service changed its format.',
    remedy: 'Run again with `-v`. If it happens again, report the output with the request id.',
  },
  HMA508: {
    title: 'Not found',
    cause: 'The object was deleted, is somewhere else, or was created a moment ago and is not visible yet.',
    remedy: 'Run the command again after a minute. If it happens again, check the name or id in the message.',
  },
  HMA509: {
    title: 'Not everything could be read',
    cause: 'A plan needs to read everything, and some reads failed. Each is shown with its own code.',
    remedy: 'Nothing was changed. Fix the causes shown with it and run the command again.',
  },
  HMA510: {
    title: 'Time limit reached',
    cause: 'A deployment, or one of its resources, took longer than its limit: see `docs/reliability.md`.',
    remedy: 'Run it again: hma continues where it stopped. `--deadline` allows more time.',
  },
  HMA901: {
    title: 'Unexpected error: a bug in hma',
    cause: 'hma did not expect this failure.',
    remedy: 'Run the command again with `--verbose`, and report its output. It contains no secrets.',
  },
  HMA902: {
    title: 'Internal inconsistency',
    cause: 'The parts of a deployment do not fit together, although the configuration is valid.',
    remedy: 'This is a bug in hma. Report it with the configuration that caused it, without its secrets.',
  },
} as const satisfies Readonly<Record<`HMA${2 | 3 | 4 | 5 | 9}${string}`, Entry>>
