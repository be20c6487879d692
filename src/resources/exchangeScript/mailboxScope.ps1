#Requires -Version 3.0
# {{mark}}
# Written by hma. The next `hma apply` overwrites changes made here: change the configuration instead.

<#
.SYNOPSIS
Limits the mailboxes that Dynamics 365 can access in this Exchange organization to those that match a filter.

.DESCRIPTION
For an Exchange administrator, in the Exchange Management Shell of an Exchange server (not Exchange Online).
The script creates two things, or corrects them if they exist, and changes nothing else:

  1. a management scope with the recipient filter;
  2. an assignment of the role ApplicationImpersonation to one account, for the mailboxes of that scope only.

Without -Apply it changes nothing: it shows what it would run, and how to undo it. It is safe to run repeatedly.

UNCONFIRMED. Read this before you rely on the limit.
Microsoft's procedure for Dynamics 365 says that the administrator of an Exchange Server can limit the mailboxes with
the role ApplicationImpersonation. It does not say how Exchange Server maps the tokens of an application (HMA-App,
which signs in with a certificate and without a user) to an account that can have the role. hma could not confirm it on
a real Exchange Server. There are two possibilities, so the account is a parameter:

  a. The linked account of the partner application. Exchange Server knows partner applications
     (Get-PartnerApplication), and evaluates role based access control for the account that is linked to one.
     If HMA-App is set up as a partner application, with its application id as ApplicationIdentifier, name that
     account here: Set-PartnerApplication -Identity <name> -LinkedAccount <account>.
     The script does not set up a partner application.
  b. A service account, to which the role is assigned in the classic way. It is unknown whether Exchange checks the
     role of any account when the token contains full_access_as_app. If it does not, the assignment does no harm, and
     limits nothing.

So test it. Name a mailbox OUTSIDE the filter as exchange.testMailbox in the configuration of hma, and run
`hma verify`: Exchange must refuse it (ErrorImpersonateUserDenied). Then name one inside: it must open. If the mailbox
outside opens, too, the limit is not effective in your organization; then only the consent to HMA-App protects it.

To undo it, in this order:
  Remove-ManagementRoleAssignment -Identity <AssignmentName>
  Remove-ManagementScope -Identity <ScopeName>

.PARAMETER Account
The account that gets the role, as Get-User knows it: DOMAIN\name, user principal name, or distinguished name.

.PARAMETER Apply
Make the changes. Without it, nothing is changed.

.PARAMETER RecipientFilter
The mailboxes, as a RecipientRestrictionFilter of New-ManagementScope. From the configuration of hma.

.PARAMETER ScopeName
The name of the management scope.

.PARAMETER AssignmentName
The name of the role assignment.

.PARAMETER ApplicationId
The application id of HMA-App. Used only to check whether it is set up as a partner application.

.EXAMPLE
.\exchange-mailbox-scope.ps1 -Account 'CONTOSO\svc-d365'

Shows which mailboxes the filter finds, and what would be changed.

.EXAMPLE
.\exchange-mailbox-scope.ps1 -Account 'CONTOSO\svc-d365' -Apply

Makes the changes.

.LINK
https://learn.microsoft.com/power-platform/admin/connect-exchange-server-onprem-hma

.LINK
https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-configure-impersonation

.LINK
https://learn.microsoft.com/powershell/module/exchange/set-partnerapplication
#>

[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
param(
    [Parameter(Mandatory = $true)]
    [ValidateNotNullOrEmpty()]
    [string] $Account,

    [switch] $Apply,

    [ValidateNotNullOrEmpty()]
    [string] $RecipientFilter = '{{filter}}',

    [ValidateNotNullOrEmpty()]
    [string] $ScopeName = '{{scopeName}}',

    [ValidateNotNullOrEmpty()]
    [string] $AssignmentName = '{{assignmentName}}',

    [ValidateNotNullOrEmpty()]
    [string] $ApplicationId = '{{appId}}'
)

# {{frame}}
$role = 'ApplicationImpersonation'

function Get-ScopePoint {
    $name = 'mailboxScope'
    $scopes = @(Get-ManagementScope -ErrorAction Stop | Where-Object { $_.Name -eq $ScopeName })
    if ($scopes.Count -eq 0) {
        $with = [ordered] @{ Name = $ScopeName; RecipientRestrictionFilter = $RecipientFilter }
        return New-Point $name 'open' "There is no management scope $ScopeName." 'New-ManagementScope' $with (Format-Call 'Remove-ManagementScope' ([ordered] @{ Identity = $ScopeName }))
    }
    $before = "$($scopes[0].RecipientFilter)"
    if ($before -eq $RecipientFilter) { return New-Point $name 'ok' "The management scope $ScopeName has the filter." }
    # Exchange may store a filter in its own form. Setting it again does no harm.
    $set = 'Set-ManagementScope'
    $undo = Format-Call $set ([ordered] @{ Identity = $ScopeName; RecipientRestrictionFilter = $before })
    return New-Point $name 'open' "The management scope $ScopeName has another filter." $set ([ordered] @{ Identity = $ScopeName; RecipientRestrictionFilter = $RecipientFilter }) $undo
}

function Get-AssignmentPoint {
    param($User)
    $name = 'roleAssignment'
    $assignments = @(Get-ManagementRoleAssignment -Role $role -ErrorAction Stop | Where-Object { $_.Name -eq $AssignmentName })
    if ($assignments.Count -eq 0) {
        $with = [ordered] @{ Name = $AssignmentName; Role = $role; User = $Account; CustomRecipientWriteScope = $ScopeName }
        return New-Point $name 'open' "$Account does not have the role $role for the scope $ScopeName." 'New-ManagementRoleAssignment' $with (Format-Call 'Remove-ManagementRoleAssignment' ([ordered] @{ Identity = $AssignmentName }))
    }
    $found = $assignments[0]
    if ("$($found.RoleAssignee)" -ne "$($User.Identity)") {
        throw "The role assignment $AssignmentName belongs to $($found.RoleAssignee), not to $($User.Identity). If it is no longer wanted, remove it with Remove-ManagementRoleAssignment -Identity '$AssignmentName', and run this script again."
    }
    $before = "$($found.CustomRecipientWriteScope)"
    if ($before -eq $ScopeName) { return New-Point $name 'ok' "$Account has the role $role for the scope $ScopeName." }
    $set = 'Set-ManagementRoleAssignment'
    $undo = 'Remove-ManagementRoleAssignment, or set the scope that it had: ' + $before
    return New-Point $name 'open' "The role assignment $AssignmentName is not limited to the scope $ScopeName." $set ([ordered] @{ Identity = $AssignmentName; CustomRecipientWriteScope = $ScopeName }) $undo
}

Assert-Available @(
    'Get-ExchangeServer', 'Get-User', 'Get-Recipient', 'Get-PartnerApplication',
    'Get-ManagementScope', 'New-ManagementScope', 'Set-ManagementScope',
    'Get-ManagementRoleAssignment', 'New-ManagementRoleAssignment', 'Set-ManagementRoleAssignment'
)
$user = Get-User -Identity $Account -ErrorAction Stop

# A filter with a mistake fails here, before anything is changed.
$found = @(Get-Recipient -RecipientPreviewFilter $RecipientFilter -ResultSize 5 -WarningAction SilentlyContinue -ErrorAction Stop)
if ($found.Count -eq 0) { Write-Warning "No mailbox matches the filter now: $RecipientFilter" }
else { Write-Host "The filter finds, up to five: $(@($found | ForEach-Object { $_.Name }) -join ', ')" }

$acts = $Apply.IsPresent -and -not $WhatIfPreference
# Both are read before anything is changed, so that an assignment that belongs to someone else stops the script.
$points = @(Get-ScopePoint) + @(Get-AssignmentPoint $user)
$changes = 0
foreach ($point in $points) {
    if (Invoke-Point -Point $point -Acts $acts -Cmdlet $PSCmdlet) { $changes += 1 }
}

# The same role without this scope, to the account itself or to a group of it, would make the limit worthless.
$others = @(Get-ManagementRoleAssignment -Role $role -RoleAssignee $Account -ErrorAction Stop | Where-Object { $_.Name -ne $AssignmentName })
foreach ($other in $others) {
    Write-Warning "$Account has the role $role through $($other.Name) too, for: $($other.RecipientWriteScope). The scope $ScopeName does not limit that."
}

$partners = @(Get-PartnerApplication -ErrorAction Stop | Where-Object { "$($_.ApplicationIdentifier)" -eq $ApplicationId })
if ($partners.Count -eq 0) { Write-Host "HMA-App ($ApplicationId) is not a partner application here. Get-Help on this script says what that means." }
else { Write-Host "HMA-App ($ApplicationId) is the partner application $($partners[0].Name); its linked account: $($partners[0].LinkedAccount)." }

if (-not $acts) { Write-Host 'Nothing was changed. Run the script again with -Apply to make the changes.' }
elseif ($changes -gt 0) { Write-Host "$changes changed. Run exchange-setup.ps1, if hma wrote it, so that the evidence says so." }
