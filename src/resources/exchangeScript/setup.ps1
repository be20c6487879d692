#Requires -Version 3.0
# {{mark}}
# Written by hma. The next `hma apply` overwrites changes made here: change the configuration instead.

<#
.SYNOPSIS
Checks what Hybrid Modern Authentication needs on Exchange Server, and sets it if asked.

.DESCRIPTION
For an Exchange administrator, in the Exchange Management Shell of an Exchange server (not Exchange Online).
Dynamics 365 will sign in to Exchange Web Services with Hybrid Modern Authentication (HMA).
This script checks everything that HMA needs on the Exchange side. It is safe to run repeatedly.

Without -Apply it changes nothing: it shows each setting, the command it would run, and the command that undoes it.
With -Apply it runs those commands, and only those. Settings that are already correct stay as they are.

It checks:
  versions            every server against the oldest build that supports HMA
  oauth               OAuth on the EWS virtual directory of every server           (-Apply sets it)
  urls                the address of EWS on every server                           (-Apply sets it where it is empty)
  authServer          the AuthServer of Microsoft Entra (EvoSTS) for the tenant    (-Apply enables it and makes it the default)
  clientProfile       OAuth2ClientProfileEnabled of the organization               (-Apply sets it)
  authCertificate     the certificate with which Exchange signs its own tokens
  metadata            whether this server reaches Entra's metadata
  hybridAgent         the Hybrid Agent (modern hybrid), which HMA does not support
  sslOffloading       devices that terminate TLS in front of Exchange
  preAuthentication   devices that require their own sign-in before EWS
  mailboxScope        the management scope and role assignment, if hma wrote a script for them

At the end it writes hma-exchange-evidence.json: settings, server names and builds, but no secrets,
mailboxes or people. Send that file back to the person who runs hma.

Several forests: run it once in each Exchange organization. Several tenants: it checks the AuthServer of its own
tenant. If another tenant's EvoSTS is the default authorization endpoint, it stays the default.

Turning on HMA also changes how Outlook and mobile clients sign in: they use Entra from their next sign-in on.

.PARAMETER Apply
Make the changes. Without it, nothing is changed.

.PARAMETER EwsUrl
The address of Exchange Web Services, as Dynamics 365 uses it.

.PARAMETER TenantId
The id of the Entra tenant with which Exchange is hybrid.

.PARAMETER TenantDomain
A domain of that tenant, like contoso.onmicrosoft.com. Needed only if the script asks for it.

.PARAMETER EvidencePath
Where to write the evidence. Default: hma-exchange-evidence.json next to this script.

.EXAMPLE
.\exchange-setup.ps1

Shows what is correct, what would be changed, and what needs a decision.

.EXAMPLE
.\exchange-setup.ps1 -Apply

Makes the changes. Add -Confirm to be asked before each one.

.LINK
https://learn.microsoft.com/microsoft-365/enterprise/configure-exchange-server-for-hybrid-modern-authentication

.LINK
https://learn.microsoft.com/power-platform/admin/connect-exchange-server-onprem-hma
#>

[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
param(
    [switch] $Apply,

    [ValidateNotNullOrEmpty()]
    [string] $EwsUrl = '{{ewsUrl}}',

    [ValidateNotNullOrEmpty()]
    [string] $TenantId = '{{tenantId}}',

    [string] $TenantDomain = '',

    [string] $EvidencePath = '',

    [string] $Deployment = '{{deployment}}',

    # Hosts at which this cloud signs in.
    [string[]] $SignInHosts = @('{{signInHosts}}'),

    [string] $ScopeName = '{{scopeName}}',

    [string] $AssignmentName = '{{assignmentName}}'
)

# {{frame}}
# The oldest builds that support HMA.
$minimums = @(
    # {{minimums}}
)
$ewsHost = ([uri] $EwsUrl).Host

# {{facts}}
# {{points}}
# The digest shows that a file was cut off or changed in transit. It covers the text without blanks and line breaks, with zeros in its own place.
function Save-Evidence {
    param($Evidence, [string] $Path)
    $zeros = '0' * 64
    $Evidence['digest'] = 'sha256:' + $zeros
    $text = ConvertTo-Json -InputObject $Evidence -Depth 6
    $bytes = [System.Text.Encoding]::UTF8.GetBytes(($text -replace '[ \t\r\n]', ''))
    $sha256 = New-Object -TypeName System.Security.Cryptography.SHA256CryptoServiceProvider
    $hex = [System.BitConverter]::ToString($sha256.ComputeHash($bytes)).Replace('-', '').ToLower()
    [System.IO.File]::WriteAllText($Path, $text.Replace($zeros, $hex))
}

Assert-Available @('Get-ExchangeServer', 'Get-WebServicesVirtualDirectory', 'Get-AuthServer', 'Get-OrganizationConfig')
if (Test-Available 'Set-ADServerSettings') { Set-ADServerSettings -ViewEntireForest $true -WhatIf:$false }
[System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor 3072

$acts = $Apply.IsPresent -and -not $WhatIfPreference
$facts = Get-Facts
$changes = 0
foreach ($point in @(Get-Points $facts)) {
    if (Invoke-Point -Point $point -Acts $acts -Cmdlet $PSCmdlet) { $changes += 1 }
}
# Changed settings are read again: the evidence contains the actual values.
if ($changes -gt 0) { $facts = Get-Facts }
$points = @(Get-Points $facts)

if ($EvidencePath -eq '') { $EvidencePath = Join-Path $PSScriptRoot 'hma-exchange-evidence.json' }
$evidence = [ordered] @{
    format = 'hma-exchange-evidence/1'
    deployment = $Deployment
    ewsUrl = $EwsUrl
    tenantId = $TenantId
    at = Format-Instant ([datetime]::UtcNow)
    server = "$(@($facts.servers | ForEach-Object { $_.name } | Where-Object { $_ -eq $env:COMPUTERNAME }))"
    applied = $acts
    organization = $facts.organization
    clientProfile = $facts.clientProfile
    servers = @($facts.servers)
    virtualDirectories = @($facts.virtualDirectories)
    authServers = @($facts.authServers)
    authCertificate = $facts.authCertificate
    mailboxScope = $facts.mailboxScope
    points = @($points | ForEach-Object { [ordered] @{ name = $_.Name; state = $_.State; text = ($_.Text -replace '\s+', ' ') } })
}
$path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($EvidencePath)
Save-Evidence -Evidence $evidence -Path $path

$open = @($points | Where-Object { $_.State -eq 'open' })
$advice = @($points | Where-Object { $_.State -eq 'advice' })
Write-Host ''
if ($changes -gt 0) { Write-Host "$changes changed. Exchange uses new settings within an hour; run iisreset on each server to apply them at once." }
if ($open.Count -gt 0) { Write-Host "$($open.Count) to change: run the script again with -Apply." }
if ($advice.Count -gt 0) { Write-Host "$($advice.Count) for you to decide: see the lines marked 'advice'." }
if ($open.Count + $advice.Count -eq 0) { Write-Host 'Exchange is ready for Hybrid Modern Authentication.' }
Write-Host "Send this file to the person who runs hma: $path"
