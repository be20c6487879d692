// Sign-in as an application that is named. Apart from the rest, so that it loads no browser, no command line and no managed identity.
export { ClientCertificateCredential, ClientSecretCredential, WorkloadIdentityCredential } from '@azure/identity'
