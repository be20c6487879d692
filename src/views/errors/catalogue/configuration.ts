import type { Entry } from './entry.ts'

/** Configuration and command line: no service was asked, or none that could help. */
export const configuration = {
  HMA101: {
    title: 'The configuration is not valid',
    cause: 'One or more mistakes were found. Each is shown with file, line and its own code.',
    remedy: 'Correct them all and run `hma validate`. Nothing was changed.',
  },
  HMA102: {
    title: 'The text is not YAML as hma reads it',
    cause:
      'A tab indents, a quote is not closed, a key appears twice, or a tag, an alias or the size of the document is beyond what a configuration needs.',
    remedy: 'Go to the line shown. An editor with the YAML language server highlights it too.',
  },
  HMA103: {
    title: 'There is no such key',
    cause: 'The block has no key of this name: it is misspelled, or in the wrong block.',
    remedy: 'Use the name that the message suggests, or one of those it lists.',
  },
  HMA104: {
    title: 'A key is missing',
    cause: 'The block is incomplete without this key.',
    remedy: 'Add it. The message says what it means and shows an example.',
  },
  HMA105: {
    title: 'A value has the wrong form',
    cause: 'It has the wrong type, is out of range, or is not the GUID, address or name that is needed.',
    remedy: 'Correct it as the message says.',
  },
  HMA106: {
    title: 'Values contradict each other',
    cause: 'Each value is well formed, but together they make no sense, or one refers to something that does not exist.',
    remedy: 'Correct one of them as the message says.',
  },
  HMA107: {
    title: 'An environment variable has no value',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
    cause: 'The configuration refers to `${NAME}`, and the variable is not set or is empty.',
    remedy:
      'Set it before you run hma, or in a file for `--env-file`. In a pipeline, map the secret to the environment of the step.',
  },
  HMA108: {
    title: 'Secret in plain text',
    cause: 'A configuration is committed, so everyone who can read the repository can read a secret in it.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
    remedy: 'Put it into an environment variable and write `${NAME}`. Replace the secret if the file was shared.',
  },
  HMA109: {
    title: 'Two deployments claim the same object',
    cause:
      'Two documents have the same name, or write to the same certificate, secret, profile or file. It is only a warning if they name the same mailbox or registration.',
    remedy: 'Give one of them another name. Two deployments can share a vault, but not an object in it.',
  },
  HMA110: {
    title: 'A file of the configuration cannot be read',
    cause: 'It does not exist, is empty, is larger than 1 MiB, is not UTF-8 text, or hma has no permission to read it.',
    remedy: 'Check the path given with `--file` and its permissions. `hma init` creates a configuration.',
  },
  HMA111: {
    title: 'Unknown name',
    cause: 'The command line names a deployment, an address or an output that the configuration does not have.',
    remedy: 'Use a name from the list in the message.',
  },
  HMA112: {
    title: 'The command line is not valid',
    cause: 'A command or option is misspelled, a value is missing or has the wrong form, or two options cannot be combined.',
    remedy: 'Run `hma --help`, or `hma COMMAND --help`.',
  },
  HMA113: {
    title: 'Cannot prompt',
    cause: 'hma asks before it changes anything, and this is not a terminal.',
    remedy: 'Add `--yes`. In a pipeline, have the plan reviewed first: `hma plan --out FILE`, then `hma apply FILE`.',
  },
  HMA114: {
    title: 'A file cannot be read',
    cause: 'A plan, report or certificate is missing, is too large, or hma has no permission to read it.',
    remedy:
      'Check the path and its permissions. Relative paths on the command line start from the working directory, those in a configuration from its folder.',
  },
  HMA115: {
    title: 'A file cannot be written',
    cause: 'It already exists, its folder does not exist, or hma has no permission to write there.',
    remedy: 'Name another file, or check the permissions of the folder.',
  },
  HMA116: {
    title: 'A file is not what hma wrote',
    cause: 'A plan or report was edited, was made by another version, or is a different file altogether.',
    remedy: 'Create it again with this version.',
  },
  HMA117: {
    title: 'Not allowed in this run',
    cause:
      'The configuration names a cloud or an environment variable that is not among those that `HMA_ALLOWED_CLOUDS` and `HMA_ALLOWED_VARIABLES` allow.',
    remedy: 'To allow it, add it to the variable where hma runs. The configuration itself cannot allow it.',
  },
  HMA118: {
    title: 'The file system refuses',
    cause: 'A file or folder other than the configuration cannot be read or written.',
    remedy: 'Check the path in the message, its permissions and the space on the disk, then run it again.',
  },
  HMA121: {
    title: 'The certificate file cannot be used',
    cause: 'It is not PFX or PEM, lacks the certificate or the private key, the two do not match, or the key is not RSA.',
    remedy: 'Export the certificate together with its private key again, as .pfx (PKCS #12) or .pem.',
  },
  HMA122: {
    title: 'The certificate file cannot be opened',
    cause: 'The file is protected with a password, and the configuration has no password or the wrong one.',
    remedy: 'Put the password in an environment variable and refer to it in `certificate.password`.',
  },
  HMA123: {
    title: 'The certificate is not valid now',
    cause: 'The certificate in the file has expired or is not valid yet.',
    remedy: 'Provide a valid certificate, and check the clock of this machine.',
  },
  HMA124: {
    title: 'The signed certificate cannot be used',
    cause: 'The file named in `certificate.signedFile` holds no certificate, or its certificates are in the wrong order.',
    remedy: 'Put what your CA returned for the request of `hma csr` there: the certificate first, then its issuers.',
  },
  HMA125: {
    title: 'There is no request to show',
    cause:
      'hma signs this certificate itself, no request has been made yet, or none is needed because the certificate is up to date.',
    remedy: 'Set `certificate.source: csr` if your CA signs, then run `hma apply` to create the request.',
  },
  HMA126: {
    title: 'Nothing to renew or reveal',
    cause: 'No credential is in use yet, or the vault does not keep a copy of the secret.',
    remedy: 'Run `hma apply` first. To keep a copy of the secret in the vault, set `keyVaultApp.clientSecret.vaultSecretName`.',
  },
  HMA127: {
    title: 'The evidence from Exchange cannot be used',
    cause: 'The file that `exchange.evidence` names is cut off, was changed after the script wrote it, or is something else.',
    remedy: 'Get the file from the Exchange administrator again, or have the script of `exchange.setup` run again.',
  },
  HMA131: {
    title: 'There is no email server profile to import',
    cause: 'The environment has no profile of this name, or none that signs in by Hybrid Modern Auth.',
    remedy: 'Name another with `--profile`, or write a configuration with `hma init` and let `hma apply` create the profile.',
  },
  HMA132: {
    title: 'Several email server profiles match',
    cause: 'More than one profile in the environment matches.',
    remedy: 'Choose one with `--profile`, by its name or its id.',
  },
  HMA133: {
    title: 'The sandbox cannot start',
    cause: 'The deployments are in two clouds, a port or folder is in use, or a setting of the sandbox is not valid.',
    remedy: 'Select the deployments of one cloud with `--only`, or correct what the message names.',
  },
  HMA134: {
    title: 'Something that the configuration names does not exist',
    cause: 'hma did not find the app registration, vault, resource group, subscription or service principal.',
    remedy: 'Correct the id or name, or the tenant; or let hma create it if the message offers that.',
  },
  HMA135: {
    title: 'The clock of this machine is wrong',
    cause:
      'It differs from the time that Azure reports with its answers, by more than five minutes or by so much that Entra rejects what this machine signs (AADSTS700024). The same code means a federated token that is too old.',
    remedy:
      "Set the clock and have it follow a time server. hma plans by Azure's clock, and writes nothing until yours is right.",
  },
} as const satisfies Readonly<Record<`HMA1${string}`, Entry>>
