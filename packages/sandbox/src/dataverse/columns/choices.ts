/** An option set: the stored number, and the label shown to users. */
export type OptionSet = Readonly<Record<number, string>>

const outcome: OptionSet = { 0: 'Not Run', 1: 'Success', 2: 'Failure' }

export const optionSets: Readonly<Record<string, OptionSet>> = {
  outcome,
  passed: { 0: 'Failure', 1: 'Success' },
  lasttestexecutionstatus: { 0: 'Failure', 1: 'Success', 2: 'Warning' },
  exchangeversion: {
    0: 'Exchange 2007',
    1: 'Exchange 2007 SP1',
    2: 'Exchange 2010',
    3: 'Exchange 2010 SP1',
    4: 'Exchange 2010 SP2',
    5: 'Exchange 2013',
  },
  protocol: { 0: 'Auto Detect', 1: 'Negotiate', 2: 'NTLM', 3: 'Basic', 4: 'OAuth' },
  retrieval: {
    0: 'Credentials Specified by a User or Queue',
    1: 'Credentials Specified in Email Server Profile',
    2: 'Server to Server Authentication',
    3: 'Windows Integrated Authentication',
    4: 'Without Credentials (Anonymous)',
    5: 'Gmail OAuth',
    6: 'Exchange Hybrid Modern Auth (HMA)',
    7: 'OAuth with Microsoft Entra ID',
  },
  serverauthority: {
    0: 'Public (+GCC) (https://login.microsoftonline.com)',
    1: 'US Government (GCC High and DoD) (https://login.microsoftonline.us)',
    2: 'China (21Vianet) (https://login.chinacloudapi.cn)',
    3: 'Automatic (determined by Dynamics 365 cloud)',
  },
  servertype: {
    0: 'Exchange Server',
    1: 'Other (POP3/SMTP)',
    2: 'Exchange Server (Hybrid)',
    3: 'Exchange Online (Hybrid)',
    4: 'IMAP/SMTP',
  },
  keytype: { 0: 'Secret', 1: 'Certificate', 2: 'CertificateWithX5c' },
  preauthorizedapplicationtype: { 0: 'MicrosoftDataverseFirstParty', 1: 'Other' },
  credentialsource: { 0: 'ClientSecret', 1: 'KeyVault', 2: 'IsManaged', 3: 'MicrosoftFirstPartyCertificate' },
  // The second label is misspelt in the product.
  subjectscope: { 0: 'GlobalScope', 1: 'EnviornmentScope', 2: 'DevOnlyScope' },
  componentstate: { 0: 'Published', 1: 'Unpublished', 2: 'Deleted', 3: 'Deleted Unpublished' },
  actdeliverymethod: { 0: 'Microsoft Dynamics 365 for Outlook', 1: 'Server-Side Synchronization', 2: 'None' },
  emailrouteraccessapproval: { 0: 'Empty', 1: 'Approved', 2: 'Pending Approval', 3: 'Rejected' },
  exchangecontactsimportstatus: { 0: 'NotImported', 1: 'Imported', 2: 'ImportFailed' },
  incomingemaildeliverymethod: {
    0: 'None',
    1: 'Microsoft Dynamics 365 for Outlook',
    2: 'Server-Side Synchronization',
    3: 'Forward Mailbox',
  },
  outgoingemaildeliverymethod: {
    0: 'None',
    1: 'Microsoft Dynamics 365 for Outlook',
    2: 'Server-Side Synchronization or Email Router',
  },
  officeappsdeploymentstatus: {
    0: 'NotInstalled',
    1: 'Installed',
    2: 'InstallFailed',
    3: 'UninstallFailed',
    4: 'UpgradeRequired',
  },
  level: { 1: 'Information', 2: 'Warning', 3: 'Error' },
  accessmode: {
    0: 'Read-Write',
    1: 'Administrative',
    2: 'Read',
    3: 'Support User',
    4: 'Non-interactive',
    5: 'Delegated Admin',
  },
  asyncoperationtype: { 13: 'Bulk Delete' },
  asyncstate: { 0: 'Ready', 1: 'Suspended', 2: 'Locked', 3: 'Completed' },
  asyncstatus: {
    0: 'Waiting For Resources',
    10: 'Waiting',
    20: 'In Progress',
    21: 'Pausing',
    22: 'Canceling',
    30: 'Succeeded',
    31: 'Failed',
    32: 'Canceled',
  },
  azurestate: { 0: 'Exists', 1: 'Soft deleted', 2: 'Not found or hard deleted' },
  state: { 0: 'Active', 1: 'Inactive' },
  status: { 1: 'Active', 2: 'Inactive' },
}

/** A text in the language of the organization. */
export const label = (text: string): object => ({
  LocalizedLabels: [{ Label: text, LanguageCode: 1033, IsManaged: true }],
  UserLocalizedLabel: { Label: text, LanguageCode: 1033, IsManaged: true },
})

/** Numbers with their labels. */
export const optionsFor = (labels: OptionSet): { Value: number; Label: object; IsManaged: true }[] =>
  Object.entries(labels).map(([value, text]) => ({ Value: Number(value), Label: label(text), IsManaged: true }))
