// Sign-in with what is there already, on the machine or with whoever sits at it.
export {
  AzureCliCredential,
  AzurePowerShellCredential,
  DefaultAzureCredential,
  DeviceCodeCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
} from '@azure/identity'
