// Sign-in with what the machine or the person at it already has.
export {
  AzureCliCredential,
  AzurePowerShellCredential,
  DefaultAzureCredential,
  DeviceCodeCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
} from '@azure/identity'
