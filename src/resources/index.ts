import type { SignIn } from '../azure/appSignIn/port.ts'
import type { Dataverse } from '../azure/dataverse/port.ts'
import type { Directory } from '../azure/directory/port.ts'
import type { KeyVault } from '../azure/keyVault/port.ts'
import type { ResourceManager } from '../azure/resourceManager/port.ts'
import type { Kinds } from '../core/kind.ts'
import { adminConsent } from './adminConsent.ts'
import { apiPermission } from './apiPermission.ts'
import { application } from './application.ts'
import { certificate } from './certificate/certificate.ts'
import { certificateCredential } from './certificate/credential.ts'
import { certificateRequest } from './certificate/request.ts'
import { clientSecret } from './clientSecret/clientSecret.ts'
import { emailServerProfile } from './emailServerProfile.ts'
import { exchangeSetup } from './exchangeSetup.ts'
import type { Files } from './files.ts'
import { mailboxes, type Prove } from './mailboxes/mailboxes.ts'
import { mailboxScope } from './mailboxScope/mailboxScope.ts'
import { servicePrincipalName } from './servicePrincipalName.ts'
import { createSharedReads } from './sharedReads.ts'
import { vault } from './vault.ts'
import { vaultAccess } from './vaultAccess.ts'

export interface Clients {
  readonly directory: Directory
  readonly keyVault: KeyVault
  readonly resourceManager: ResourceManager
  readonly dataverse: Dataverse
  readonly signIn: SignIn
  readonly files: Files
  readonly prove: Prove
}

/** Every kind of resource that hma knows. Add a kind here. */
export function createKinds(clients: Clients): Kinds {
  const { directory, keyVault, resourceManager, dataverse } = clients
  const reads = createSharedReads(clients)
  return {
    vault: vault(resourceManager, keyVault, reads),
    certificateRequest: certificateRequest(keyVault, reads),
    certificateCredential: certificateCredential(directory, reads),
    certificate: certificate(keyVault, reads),
    keyVaultApp: application(directory, reads),
    clientSecret: clientSecret({ ...clients, reads }),
    vaultAccess: vaultAccess(resourceManager, reads),
    hmaApp: application(directory, reads),
    apiPermission: apiPermission(directory, reads),
    adminConsent: adminConsent(directory, reads),
    servicePrincipalName: servicePrincipalName(directory, reads),
    emailServerProfile: emailServerProfile(dataverse, reads),
    exchangeSetup: exchangeSetup(clients.files),
    mailboxScope: mailboxScope(clients.files),
    mailboxes: mailboxes({ ...clients, reads }),
  }
}
