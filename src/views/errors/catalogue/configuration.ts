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
    remedy: 'Go to the line that is shown. An editor with the YAML language server marks it too.',
  },
  HMA103: {
    title: 'There is no such key',
    cause: 'The block has no key of this name: it is misspelled, or in the wrong block.',
    remedy: 'Take the name that is proposed, or one of those that the message lists.',
  },
  HMA104: {
    title: 'A key is missing',
    cause: 'The block cannot be used without this key.',
    remedy: 'Write it. The message shows what it means, and an example.',
  },
  HMA105: {
    title: 'A value has the wrong form',
    cause: 'It is of another type, outside the range, or no GUID, address or name where one is needed.',
    remedy: 'Write it in the form that the message asks for.',
  },
  HMA106: {
    title: 'Values do not fit together',
    cause: 'Each value is well formed, but together they make no sense, or a value names something that is not there.',
    remedy: 'Change one of them as the message says.',
  },
  HMA107: {
    title: 'An environment variable has no value',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
    cause: 'The configuration refers to `${NAME}`, and the variable is not set or is empty.',
    remedy: 'Set it for the process of hma. In a pipeline, map the secret to the environment of the step.',
  },
  HMA108: {
    title: 'Secret in plain text',
    cause: 'A configuration is committed, so a secret in it is known to everyone who can read the repository.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
    remedy: 'Put it into an environment variable and write `${NAME}`. Replace the secret if the file was shared.',
  },
  HMA109: {
    title: 'Two deployments lay claim to the same thing',
    cause:
      'Two documents have the same name, or write to the same certificate, secret, profile or file. A warning where they name the same mailbox or registration.',
    remedy: 'Give one of them another name. Two deployments can share a vault, but no object in it.',
  },
  HMA110: {
    title: 'A file of the configuration cannot be read',
    cause: 'It is not there, is empty, is larger than 1 MiB, is not text in UTF-8, or hma may not read it.',
    remedy: 'Check what `--file` names, and who may read it.',
  },
  HMA111: {
    title: 'There is nothing of this name',
    cause: 'The command line names a deployment, an address or an output that the configuration does not have.',
    remedy: 'Take a name from the list in the message.',
  },
  HMA112: {
    title: 'The command line is not understood',
    cause: 'A command or an option is misspelt, a value is missing or has the wrong form, or two options exclude each other.',
    remedy: 'See `hma --help`, or `--help` behind a command.',
  },
  HMA113: {
    title: 'Cannot prompt',
    cause: 'Before it changes anything hma asks, and this is not a terminal.',
    remedy: 'Say `--yes`. In a pipeline, have the plan reviewed first: `hma plan --out FILE`, then `hma apply FILE`.',
  },
  HMA114: {
    title: 'A file cannot be read',
    cause: 'A plan, a report or a certificate is not where the path says, is too large, or hma may not read it.',
    remedy:
      'Check the path and its permissions. Relative paths start from the working directory, those of a configuration from its folder.',
  },
  HMA115: {
    title: 'A file cannot be written',
    cause: 'It exists already, its folder does not, or hma may not write there.',
    remedy: 'Name another file, or check the permissions of the folder.',
  },
  HMA116: {
    title: 'A file is not what hma wrote',
    cause: 'A plan or a report was changed by hand, was made by another version, or is another file altogether.',
    remedy: 'Make it again with this version.',
  },
  HMA117: {
    title: 'This run does not allow it',
    cause:
      'The configuration names a cloud or an environment variable that is not among those that `HMA_ALLOWED_CLOUDS` and `HMA_ALLOWED_VARIABLES` allow.',
    remedy: 'If it is meant, add it to the variable where hma is run. The configuration itself cannot allow it.',
  },
  HMA118: {
    title: 'The file system refuses',
    cause: 'A file or folder that hma needs besides the configuration cannot be read or written.',
    remedy: 'Check the path in the message, its permissions and the space on the disk, then run it again.',
  },
  HMA121: {
    title: 'The certificate file cannot be used',
    cause: 'It is no PFX or PEM, holds no certificate or no private key, the two do not belong together, or the key is not RSA.',
    remedy: 'Export the certificate anew together with its private key, as .pfx (PKCS #12) or .pem.',
  },
  HMA122: {
    title: 'The certificate file stays locked',
    cause: 'The file is protected with a password, but the configuration has none or another one.',
    remedy: 'Put the password into an environment variable and name that in `certificate.password`.',
  },
  HMA123: {
    title: 'The certificate is not valid now',
    cause: 'The certificate in the file has expired, or its time has not begun.',
    remedy: 'Bring a certificate that is valid, and check the clock of this machine.',
  },
  HMA124: {
    title: 'The signed certificate cannot be used',
    cause: 'The file named in `certificate.signedFile` holds no certificate, or its certificates are in the wrong order.',
    remedy: 'Put what your CA returned for the request of `hma csr` there: the certificate first, then its issuers.',
  },
  HMA125: {
    title: 'There is no request to show',
    cause:
      'The certificate is signed by hma itself, no request was made yet, or none is needed because the certificate is in order.',
    remedy: 'Set `certificate.source: csr` if your CA signs, then run `hma apply` to create the request.',
  },
  HMA126: {
    title: 'Nothing to renew or reveal',
    cause: 'There is no credential in use to renew, or the vault does not keep the secret.',
    remedy: 'Run `hma apply` first. To have the vault keep the secret, set `keyVaultApp.clientSecret.vaultSecretName`.',
  },
  HMA127: {
    title: 'The evidence from Exchange cannot be used',
    cause: 'The file that `exchange.evidence` names is cut off, was changed after the script wrote it, or is something else.',
    remedy: 'Get the file from the Exchange administrator again, or have the script of `exchange.setup` run again.',
  },
  HMA131: {
    title: 'There is no email server profile to import',
    cause: 'The environment has no profile of this name, or none that signs in by Hybrid Modern Auth.',
    remedy: 'Name another with `--profile`, or write a configuration anew and let `hma apply` make the profile.',
  },
  HMA132: {
    title: 'Several email server profiles could be meant',
    cause: 'More than one profile of the environment fits what was asked for.',
    remedy: 'Choose one with `--profile`, by its name or its id.',
  },
  HMA133: {
    title: 'The sandbox cannot be as it is asked for',
    cause: 'The deployments lie in two clouds, a port or folder is in use, or a setting of the sandbox is not understood.',
    remedy: 'Choose the deployments of one cloud with `--only`, and correct what the message names.',
  },
  HMA134: {
    title: 'What the configuration names does not exist',
    cause:
      'An app registration, a vault, a resource group, a subscription or a service principal was looked for and is not there.',
    remedy: 'Correct the id or the name, and the tenant it is looked for in; or let hma make it where the message offers that.',
  },
  HMA135: {
    title: 'The clock of this machine is wrong',
    cause: 'It differs by more than five minutes from the time that Azure reports with its answers.',
    remedy:
      'Set the clock and have it follow a time server. hma plans by the time of Azure, and writes nothing until the clock is right.',
  },
} as const satisfies Readonly<Record<`HMA1${string}`, Entry>>
