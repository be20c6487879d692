/** Built-in roles, as far as clients here need them: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
export interface RoleTemplate {
  readonly id: string
  readonly displayName: string
  readonly description: string
  /** What it lets an application do here, as the application permissions of Graph that allow the same. */
  readonly allows: readonly string[]
}

const template = (id: string, displayName: string, description: string, ...allows: string[]): RoleTemplate => ({
  ...{ id, displayName, description, allows },
})

const registrations = ['Application.ReadWrite.All', 'Directory.Read.All', 'DelegatedPermissionGrant.ReadWrite.All']

export const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10'

export const everythingAllowed = '*'

export const roleTemplates: readonly RoleTemplate[] = [
  template(globalAdministrator, 'Global Administrator', 'Manages everything in the directory.', everythingAllowed),
  template(
    'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
    'Global Reader',
    'Reads what a Global Administrator can.',
    'Directory.Read.All',
    'Policy.Read.All',
  ),
  template('9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', 'Application Administrator', 'Manages applications.', ...registrations),
  template(
    '158c047a-c907-4556-b7ef-446551a6b5f7',
    'Cloud Application Administrator',
    'Manages applications, but no application proxies.',
    ...registrations,
  ),
  template('cf1c38e5-3621-4004-a7cb-879624dced7c', 'Application Developer', 'Creates applications.'),
  template(
    '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
    'Directory Readers',
    'Reads basic directory information.',
    'Directory.Read.All',
  ),
  template(
    '9360feb5-f418-4baa-8175-e2a00bac4301',
    'Directory Writers',
    'Reads and writes basic directory information.',
    'Directory.Read.All',
    'Group.ReadWrite.All',
  ),
  template(
    'fe930be7-5e62-47db-91af-98c3a49a38b1',
    'User Administrator',
    'Manages users and groups.',
    'User.ReadWrite.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
  ),
  template(
    'fdd7a751-b60b-444a-984c-02652fe8fa1c',
    'Groups Administrator',
    'Manages groups.',
    'Group.ReadWrite.All',
    'Directory.Read.All',
  ),
  template(
    'e8611ab8-c189-46e8-94e1-60213ab1f814',
    'Privileged Role Administrator',
    'Gives and takes roles.',
    'RoleManagement.ReadWrite.Directory',
    'AppRoleAssignment.ReadWrite.All',
    'Directory.Read.All',
  ),
  template('7be44c8a-adaf-4e2a-84d6-ab2649e08a13', 'Privileged Authentication Administrator', 'Manages how anyone signs in.'),
  template('c4e39bd9-1100-46d3-8c65-fb160da0071f', 'Authentication Administrator', 'Manages how ordinary users sign in.'),
  template('194ae4cb-b126-40b2-bd5b-6091b380977d', 'Security Administrator', 'Manages security.'),
  template('5d6b6bb7-de71-4623-b4af-96380a352509', 'Security Reader', 'Reads security information.'),
  template('29232cdf-9323-42fd-ade2-1d097af3e4de', 'Exchange Administrator', 'Manages Exchange.'),
  template('44367163-eba1-44c3-98af-f5787879f96a', 'Dynamics 365 Administrator', 'Manages Dynamics 365.'),
  template('11648597-926c-4cf3-9c36-bcebb0ba8dcc', 'Power Platform Administrator', 'Manages the Power Platform.'),
  template('729827e3-9c14-49f7-bb1b-9608f156bbb8', 'Helpdesk Administrator', 'Resets passwords of ordinary users.'),
  template('8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2', 'Hybrid Identity Administrator', 'Manages synchronization and federation.'),
  template('b1be1c3e-b65d-4f19-8427-f6fa0d97feb9', 'Conditional Access Administrator', 'Manages conditional access.'),
]

export const templateOf = (id: string): RoleTemplate | undefined => roleTemplates.find((one) => one.id === id.toLowerCase())
