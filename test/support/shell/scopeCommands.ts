import { named, type Organization, type Parameters } from './organization.ts'
import { Item, textOf } from './values.ts'

/** What limits the mailboxes: management scopes, and assignments of roles. */
export function scopeCommands(org: Organization) {
  const scopeItem = ({ name, filter }: Organization['scopes'][number]): Item => new Item({ Name: name, RecipientFilter: filter })
  const assignmentItem = ({ name, assignee, scope }: Organization['assignments'][number]): Item =>
    new Item({
      Name: name,
      RoleAssignee: assignee,
      CustomRecipientWriteScope: scope,
      RecipientWriteScope: scope === '' ? 'Organization' : 'CustomRecipientScope',
    })
  const text = (given: Parameters, name: string): string => textOf(given[name] ?? null)
  const found = (given: Parameters) =>
    org.assignments.filter(({ assignee }) => given.roleassignee === undefined || assignee === text(given, 'roleassignee'))
  return {
    'Get-User': [['Identity'], (given: Parameters) => [new Item({ Identity: text(given, 'identity') })]],
    'Get-Recipient': [
      ['RecipientPreviewFilter', 'ResultSize'],
      () => org.mailboxes.slice(0, 5).map((Name) => new Item({ Name })),
    ],
    'Get-PartnerApplication': [[], () => []],
    'Get-ManagementScope': [[], () => org.scopes.map(scopeItem)],
    'New-ManagementScope': [
      ['Name', 'RecipientRestrictionFilter'],
      (given: Parameters) => {
        org.scopes.push({ name: text(given, 'name'), filter: text(given, 'recipientrestrictionfilter') })
        return []
      },
    ],
    'Set-ManagementScope': [
      ['Identity', 'RecipientRestrictionFilter'],
      (given: Parameters) => {
        named(org.scopes, given.identity).filter = text(given, 'recipientrestrictionfilter')
        return []
      },
    ],
    'Get-ManagementRoleAssignment': [['Role', 'RoleAssignee'], (given: Parameters) => found(given).map(assignmentItem)],
    'New-ManagementRoleAssignment': [
      ['Name', 'Role', 'User', 'CustomRecipientWriteScope'],
      (given: Parameters) => {
        named(org.scopes, given.customrecipientwritescope)
        org.assignments.push({
          name: text(given, 'name'),
          assignee: text(given, 'user'),
          scope: text(given, 'customrecipientwritescope'),
        })
        return []
      },
    ],
    'Set-ManagementRoleAssignment': [
      ['Identity', 'CustomRecipientWriteScope'],
      (given: Parameters) => {
        named(org.assignments, given.identity).scope = text(given, 'customrecipientwritescope')
        return []
      },
    ],
  } as const
}
