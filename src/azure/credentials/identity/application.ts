// Sign-in as a named application. Kept apart so that it does not load browsers, command lines or managed identities.
export { ClientCertificateCredential, ClientSecretCredential, WorkloadIdentityCredential } from '@azure/identity'
