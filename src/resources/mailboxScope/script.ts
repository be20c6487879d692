/** What the script is made for. */
export type ScriptValues = {
  readonly deployment: string
  /** In the words of RecipientRestrictionFilter (OPATH). */
  readonly filter: string
  /** Application (client) id of HMA-App. */
  readonly appId: string
}

/**
 * Windows PowerShell reads a file without a byte order mark as the machine's ANSI code page, in which letters of a name
 * can turn into quotes: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding
 */
const byteOrderMark = '\uFEFF'

/** PowerShell ends a string at each of these: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules */
const singleQuotes = /['\u2018-\u201b]/g

/** A string in which PowerShell reads nothing but the text. */
export const quoted = (text: string): string => `'${text.replace(singleQuotes, '$&$&')}'`

const mark = '# hma-deployment: '

/** The names that the script gives to the two things it makes. Exchange takes up to 64 characters. */
export const scopeName = (deployment: string): string => `hma-${deployment}-mailboxes`
export const assignmentName = (deployment: string): string => `hma-${deployment}-impersonation`

/** The PowerShell script, with LF. What comes from the configuration stands in quoted strings, and in no comment but the mark. */
export const script = (values: ScriptValues): string => `${byteOrderMark}${head(values)}${help}${parameters(values)}${body}`

/** The deployment that the script says it belongs to. */
export const ownerOf = (text: string): string | undefined =>
  text
    .split(/\r?\n/)
    .find((line) => line.startsWith(mark))
    ?.slice(mark.length)

/** The text with the mark of a deployment, where it had none. */
export const markedText = (text: string, deployment: string): string => `${mark}${deployment}\n${text}`

/** What a script says it was made for; nothing of a text that is not one of ours. */
export function valuesOf(text: string): Partial<Pick<ScriptValues, 'filter' | 'appId'>> {
  const [filter, appId] = [readDefault(text, 'RecipientFilter'), readDefault(text, 'ApplicationId')]
  return { ...(filter !== undefined && { filter }), ...(appId !== undefined && { appId }) }
}

function readDefault(text: string, parameter: string): string | undefined {
  const start = `    [string] $${parameter} = '`
  const line = text.split(/\r?\n/).find((one) => one.startsWith(start))
  const inside = line?.slice(start.length).match(/^(?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*(?=')/)?.[0]
  return inside?.replace(/['\u2018-\u201b](['\u2018-\u201b])/g, '$1')
}

const head = ({ deployment }: ScriptValues): string => `#Requires -Version 3.0
${mark}${deployment}
# Written by hma. The next \`hma apply\` writes over what is changed in here: change the configuration instead.

`

const parameters = ({ deployment, filter, appId }: ScriptValues): string => `
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
param(
    [Parameter(Mandatory = $true)]
    [ValidateNotNullOrEmpty()]
    [string] $Account,

    [ValidateNotNullOrEmpty()]
    [string] $RecipientFilter = ${quoted(filter)},

    [ValidateNotNullOrEmpty()]
    [string] $ScopeName = ${quoted(scopeName(deployment))},

    [ValidateNotNullOrEmpty()]
    [string] $AssignmentName = ${quoted(assignmentName(deployment))},

    [ValidateNotNullOrEmpty()]
    [string] $ApplicationId = ${quoted(appId)}
)
`

const help = `<#
.SYNOPSIS
Limits the mailboxes in which Dynamics 365 may act on this Exchange organization to those of one filter.

.DESCRIPTION
For an Exchange administrator, in the Exchange Management Shell of an Exchange server (not in Exchange Online).
The script makes two things, or brings them in order where they exist, and changes nothing else:

  1. a management scope with the recipient filter;
  2. an assignment of the role ApplicationImpersonation to one account, for the mailboxes of that scope alone.

It can be run again at any time. With -WhatIf it shows what it would do, and does nothing.

UNCONFIRMED. Read this before you rely on the limit.
Microsoft's procedure for Dynamics 365 says that the administrator of an Exchange Server can limit the mailboxes with
the role ApplicationImpersonation. It does not say how Exchange Server ties the tokens of an application (HMA-App,
which signs in with a certificate and without any user) to an account that can hold the role. hma could not confirm it
at a real Exchange Server. There are two ways to think of it, and the account is a parameter for that reason:

  a. The linked account of the partner application. Exchange Server knows partner applications
     (Get-PartnerApplication), and evaluates role based access control for the account that is linked to one.
     Where HMA-App is set up as a partner application, with its application id as ApplicationIdentifier, name that
     account here: Set-PartnerApplication -Identity <name> -LinkedAccount <account>.
     The script sets up no partner application.
  b. A service account of its own, to which the role is given in the classic way. Whether Exchange asks for the role
     of any account when the token says full_access_as_app is the open question. If it does not, the assignment does
     no harm, and limits nothing.

So prove it. Name a mailbox OUTSIDE of the filter as exchange.testMailbox in the configuration of hma, and run
\`hma verify\`: Exchange must refuse it (ErrorImpersonateUserDenied). Then name one inside: it must answer. If the mailbox
outside answers too, the limit does not hold in your organization; the protection is then the consent to HMA-App alone.

To undo it, in this order:
  Remove-ManagementRoleAssignment -Identity <AssignmentName>
  Remove-ManagementScope -Identity <ScopeName>

.PARAMETER Account
The account that gets the role, as Get-User knows it: DOMAIN\\name, user principal name, or distinguished name.

.PARAMETER RecipientFilter
The mailboxes, as New-ManagementScope takes them in RecipientRestrictionFilter. From the configuration of hma.

.PARAMETER ScopeName
The name of the management scope.

.PARAMETER AssignmentName
The name of the role assignment.

.PARAMETER ApplicationId
The application id of HMA-App. Used only to look whether it is set up as a partner application.

.EXAMPLE
.\\exchange-mailbox-scope.ps1 -Account 'CONTOSO\\svc-d365' -WhatIf

Shows which mailboxes the filter finds, and what would be done.

.LINK
https://learn.microsoft.com/power-platform/admin/connect-exchange-server-onprem-hma

.LINK
https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-configure-impersonation

.LINK
https://learn.microsoft.com/powershell/module/exchange/set-partnerapplication
#>
`

const body = `
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$role = 'ApplicationImpersonation'

# Exchange shows an administrator only the commands that their roles allow.
$needed = @(
    'Get-ExchangeServer', 'Get-User', 'Get-Recipient', 'Get-PartnerApplication',
    'Get-ManagementScope', 'New-ManagementScope', 'Set-ManagementScope',
    'Get-ManagementRoleAssignment', 'New-ManagementRoleAssignment', 'Set-ManagementRoleAssignment'
)
$missing = @($needed | Where-Object { -not (Get-Command -Name $_ -ErrorAction SilentlyContinue) })
if ($missing.Count -gt 0) {
    throw "These commands are missing: $($missing -join ', '). Run the script in the Exchange Management Shell of an Exchange server, as a member of Organization Management."
}

$user = Get-User -Identity $Account -ErrorAction Stop

# A filter with a mistake fails here, before anything is changed.
$found = @(Get-Recipient -RecipientPreviewFilter $RecipientFilter -ResultSize 5 -WarningAction SilentlyContinue -ErrorAction Stop)
if ($found.Count -eq 0) {
    Write-Warning "No mailbox fits the filter now: $RecipientFilter"
}
else {
    Write-Output "The filter finds, up to five: $(@($found | ForEach-Object { $_.Name }) -join ', ')"
}

# 1. The management scope.
$scopes = @(Get-ManagementScope -ErrorAction Stop | Where-Object { $_.Name -eq $ScopeName })
if ($scopes.Count -eq 0) {
    if ($PSCmdlet.ShouldProcess($ScopeName, 'New-ManagementScope')) {
        New-ManagementScope -Name $ScopeName -RecipientRestrictionFilter $RecipientFilter -ErrorAction Stop | Out-Null
        Write-Output "Made the management scope $ScopeName."
    }
}
elseif ("$($scopes[0].RecipientFilter)" -ne $RecipientFilter) {
    # Exchange may keep a filter in a form of its own. Setting it again does no harm.
    if ($PSCmdlet.ShouldProcess($ScopeName, 'Set-ManagementScope')) {
        Set-ManagementScope -Identity $ScopeName -RecipientRestrictionFilter $RecipientFilter -ErrorAction Stop
        Write-Output "Set the filter of the management scope $ScopeName."
    }
}
else {
    Write-Output "The management scope $ScopeName has the filter already."
}

# 2. The role, for that scope alone.
$assignments = @(Get-ManagementRoleAssignment -Role $role -ErrorAction Stop | Where-Object { $_.Name -eq $AssignmentName })
if ($assignments.Count -eq 0) {
    if ($PSCmdlet.ShouldProcess($AssignmentName, 'New-ManagementRoleAssignment')) {
        New-ManagementRoleAssignment -Name $AssignmentName -Role $role -User $Account -CustomRecipientWriteScope $ScopeName -ErrorAction Stop | Out-Null
        Write-Output "Gave the role $role to $Account, for the scope $ScopeName."
    }
}
elseif ("$($assignments[0].RoleAssignee)" -ne "$($user.Identity)") {
    throw "The role assignment $AssignmentName belongs to $($assignments[0].RoleAssignee), not to $($user.Identity). If that is no longer meant, remove it with Remove-ManagementRoleAssignment -Identity '$AssignmentName', and run this script again."
}
elseif ("$($assignments[0].CustomRecipientWriteScope)" -ne $ScopeName) {
    if ($PSCmdlet.ShouldProcess($AssignmentName, 'Set-ManagementRoleAssignment')) {
        Set-ManagementRoleAssignment -Identity $AssignmentName -CustomRecipientWriteScope $ScopeName -ErrorAction Stop
        Write-Output "Limited the role assignment $AssignmentName to the scope $ScopeName."
    }
}
else {
    Write-Output "$Account has the role $role for the scope $ScopeName already."
}

# The same role without this scope, to the account itself or to a group of it, would make the limit worthless.
$others = @(Get-ManagementRoleAssignment -Role $role -RoleAssignee $Account -ErrorAction Stop | Where-Object { $_.Name -ne $AssignmentName })
foreach ($other in $others) {
    Write-Warning "$Account has the role $role through $($other.Name) too, for: $($other.RecipientWriteScope). The scope $ScopeName does not limit that."
}

$partners = @(Get-PartnerApplication -ErrorAction Stop | Where-Object { "$($_.ApplicationIdentifier)" -eq $ApplicationId })
if ($partners.Count -eq 0) {
    Write-Output "HMA-App ($ApplicationId) is no partner application here. Get-Help on this script says what that means."
}
else {
    Write-Output "HMA-App ($ApplicationId) is the partner application $($partners[0].Name); its linked account: $($partners[0].LinkedAccount)."
}

Write-Output "To undo it: Remove-ManagementRoleAssignment -Identity '$AssignmentName'; Remove-ManagementScope -Identity '$ScopeName'"
`
