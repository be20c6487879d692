import type { Entry } from './entry.ts'

/** Refusals by services (2 sign-in, 3 rights, 4 conflict), what time may cure (5), and bugs in hma itself (9). */
export const services = {
  HMA201: {
    title: 'There is no credential to sign in with',
    cause: 'The credential that `auth` names for the tenant, or the Azure CLI, gave no token.',
    remedy:
      'Run `az login --tenant …` for the tenant of the message, or correct its entry under `auth`. `hma doctor` shows who is signed in to each tenant.',
  },
  HMA202: {
    title: 'Entra refuses the sign-in',
    cause: 'The secret or certificate is wrong or has expired, a federated credential does not fit, or a policy forbids it.',
    remedy:
      'The message repeats the AADSTS code of Entra and what helps against it. `hma doctor` shows who is signed in to each tenant.',
  },
  HMA203: {
    title: 'The tenant is not known',
    cause: 'No tenant of this id exists in this cloud, or a vault or an environment does not say which tenant it belongs to.',
    remedy: 'Check the tenant id, the address, and `cloud`.',
  },
  HMA204: {
    title: 'A service does not accept the token',
    cause: 'The token is of another tenant, the clock of this machine is wrong, or the credential gives tokens of another sort.',
    remedy: 'Check `auth` for the tenant that the message names, and the clock.',
  },
  HMA205: {
    title: 'A secret or token was not sent',
    cause:
      'A service, or something between it and hma, named a host that neither the cloud nor the configuration names, or no https.',
    remedy:
      'Nothing was sent there. Check the address in the message, and what names it: the vault, the environment, the authority.',
  },
  HMA301: {
    title: 'A permission in Microsoft Graph is missing',
    cause: 'The signed-in identity may not read or change what hma asked Microsoft Graph for.',
    remedy:
      'Give it the permission or directory role of the message, with admin consent. docs/rights.md lists them all. `hma doctor` shows every right that is missing.',
  },
  HMA302: {
    title: 'A right in the key vault is missing',
    cause:
      'The role or access policy of the vault does not allow the operation, or was given a moment ago and does not count yet.',
    remedy:
      'Give the role or permission of the message. A new role counts after a few minutes. `hma doctor` shows every right that is missing.',
  },
  HMA303: {
    title: 'A role in Azure is missing',
    cause: 'The signed-in identity may not read or change the vault or its role assignments through Azure Resource Manager.',
    remedy: 'Give it the role of the message at the scope of the message. `hma doctor` shows every right that is missing.',
  },
  HMA304: {
    title: 'A right in Dynamics 365 is missing',
    cause: 'The signed-in identity is not a user of the environment, or its security roles lack a privilege.',
    remedy:
      'Add it as application user in the Power Platform admin center, with the role or privilege named in the message. `hma doctor` shows every right that is missing.',
  },
  HMA305: {
    title: 'The vault firewall blocks this machine',
    cause: 'The vault allows only certain networks, and this machine is not in one of them.',
    remedy: 'Add its address under Networking of the vault, or run hma from inside the network.',
  },
  HMA306: {
    title: 'A policy of the tenant forbids the credential',
    cause: 'An app management policy forbids secrets or certificates of this sort, or of this lifetime.',
    remedy: 'Shorten the lifetime in the configuration, or have the application exempted from the policy.',
  },
  HMA307: {
    title: 'Exchange refuses',
    cause: 'Exchange, or what stands before it, does not let the request through.',
    remedy: 'Run `hma verify`: it says at which step.',
  },
  HMA401: {
    title: 'The plan no longer holds',
    cause: 'Between the review and this run something has changed, in the configuration or in Azure.',
    remedy: 'Nothing was changed. Make the plan again and have it reviewed again.',
  },
  HMA402: {
    title: 'The name is taken',
    cause: 'Another vault, or a deleted app registration, holds the name. Names of vaults are unique in the whole cloud.',
    remedy: 'Choose another name, or delete what is deleted for good.',
  },
  HMA403: {
    title: 'The vault holds what hma did not make',
    cause: 'A vault is deleted only if nothing of others would be lost with it.',
    remedy: 'Move the objects of the message elsewhere and run `hma destroy` again, or delete the vault yourself.',
  },
  HMA404: {
    title: 'Something else has changed it at the same time',
    cause:
      'The service saw a conflict with another change, with an operation in progress, or with an object that exists already.',
    remedy: 'Run it again: hma continues where it stopped. If it stays so, look who else changes the object.',
  },
  HMA405: {
    title: 'A service refuses the request',
    cause: 'The service does not take what the configuration asks for.',
    remedy:
      'The message repeats the reason of the service. Correct the value it names; otherwise report it with what `-v` prints.',
  },
  HMA406: {
    title: 'A limit of the directory is reached',
    cause: 'The registration holds too many credentials, or the identity has created as many objects as it may.',
    remedy: 'Remove what is not used any more, or use another identity.',
  },
  HMA407: {
    title: 'No mailbox can be enabled',
    cause: 'Sign-in to Exchange is not proven yet, or Test & Enable failed for a mailbox.',
    remedy: 'Run `hma verify`: it says where sign-in is broken. Once it is fixed, `hma apply` tests again.',
  },
  HMA408: {
    title: 'A list would lose what belongs to someone else',
    cause:
      'Some lists can only be replaced whole, such as the certificates of a registration. The list changed after hma read it, or a lagging replica of the directory does not show all of it.',
    remedy: 'Nothing was written. Run the command again: hma reads the list anew.',
  },
  HMA501: {
    title: 'A host cannot be reached',
    cause: 'Its name is not known, nothing listens there, a firewall drops the connection, or the connection broke.',
    remedy: 'Check the address, the network and `HTTPS_PROXY`, and run again: hma continues where it stopped.',
  },
  HMA502: {
    title: 'The certificate of a server is not trusted',
    cause:
      'It has expired, is for another name, or comes from an authority that this machine does not know, as behind a proxy that opens TLS.',
    remedy:
      'Name the root certificate in `NODE_EXTRA_CA_CERTS` or `cloud.caFile`. Exchange needs a certificate of a public authority.',
  },
  HMA503: {
    title: 'The proxy refuses the connection',
    cause: 'The proxy of `HTTPS_PROXY` does not let hma through to the host.',
    remedy: 'Check its address and credentials and what it lets through, or name the host in `NO_PROXY`.',
  },
  HMA504: {
    title: 'A service is throttling',
    cause: 'The service throttles: it received more requests than it allows, even after all the waiting it asked for.',
    remedy: 'Run again later, or with a lower `--concurrency`.',
  },
  HMA505: {
    title: 'A service has an internal error',
    cause: 'The service answered with an internal error several times.',
    remedy: 'Run the command again later. hma continues where it stopped. Azure reports outages at https://status.azure.com.',
  },
  HMA506: {
    title: 'Something has not settled yet',
    cause: 'A change is not visible everywhere yet: directories and vaults have replica lag.',
    remedy: 'Run `hma apply` again. It continues where it stopped.',
  },
  HMA507: {
    title: 'An answer cannot be understood',
    cause: 'Something between hma and the service answered, such as a proxy, or the service changed its answers.',
    remedy: 'Run again with `-v`. If it happens again, report the output with the request id.',
  },
  HMA508: {
    title: 'Not found',
    cause: 'The object was deleted, is somewhere else, or was created a moment ago and is not visible yet.',
    remedy: 'Run the command again after a minute. If it happens again, check the name or id in the message.',
  },
  HMA509: {
    title: 'Not everything could be read',
    cause: 'A plan needs to read everything, and some reads failed. Each is reported with its own code.',
    remedy: 'Fix the causes reported with it, and run the command again. Nothing was changed.',
  },
  HMA510: {
    title: 'The time is over',
    cause: 'A deployment, or one of its resources, took longer than it may: see `docs/reliability.md`.',
    remedy: 'Run it again: hma continues where it stopped. `--deadline` gives a run more time.',
  },
  HMA901: {
    title: 'Unexpected error: a bug in hma',
    cause: 'hma does not expect this failure.',
    remedy: 'Run the command again with `--verbose`, and report what it prints. No secret is in it.',
  },
  HMA902: {
    title: 'hma contradicts itself',
    cause: 'The parts of a deployment do not fit together, though the configuration is valid.',
    remedy: 'Report it with the configuration that caused it, without its secrets.',
  },
} as const satisfies Readonly<Record<`HMA${2 | 3 | 4 | 5 | 9}${string}`, Entry>>
