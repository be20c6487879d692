#Requires -Version 3.0
# {{mark}}
# Written by hma. The next `hma apply` overwrites changes made here: change the configuration instead.

<#
.SYNOPSIS
Checks what Hybrid Modern Authentication needs on Exchange Server, and sets it if asked.

.DESCRIPTION
For an Exchange administrator, in the Exchange Management Shell of an Exchange server (not Exchange Online).
Dynamics 365 is going to sign in to Exchange Web Services with Hybrid Modern Authentication (HMA).
This script looks at everything that HMA needs on the Exchange side. It can be run again at any time.

Without -Apply it changes nothing: it shows each setting, the command it would run, and the command that undoes it.
With -Apply it runs those commands, and only those. Whatever is right already stays as it is.

It looks at:
  versions            every server against the oldest build that supports HMA
  oauth               OAuth on the EWS virtual directory of every server           (-Apply sets it)
  urls                the address of EWS on every server                           (-Apply sets it where it is empty)
  authServer          the AuthServer of Microsoft Entra (EvoSTS) for the tenant    (-Apply enables it and makes it the default)
  clientProfile       OAuth2ClientProfileEnabled of the organization               (-Apply sets it)
  authCertificate     the certificate with which Exchange signs its own tokens
  metadata            whether this server reaches Entra's metadata
  hybridAgent         the Hybrid Agent (modern hybrid), which HMA does not support
  sslOffloading       devices that end TLS before Exchange
  preAuthentication   devices that ask for a sign-in of their own before EWS
  mailboxScope        the management scope and role assignment, if hma wrote a script for them

At the end it writes hma-exchange-evidence.json: settings, server names and builds; no secret, no mailbox, no person.
Send that file back to whoever runs hma.

Several forests: run it once in each Exchange organization. Several tenants: it looks at the AuthServer of its own
tenant, and leaves the default authorization endpoint with another tenant's EvoSTS if it is there.

Turning on HMA changes how Outlook and mobile clients sign in too: they begin to use Entra at their next sign-in.

.PARAMETER Apply
Make the changes. Without it, nothing is changed.

.PARAMETER EwsUrl
The address of Exchange Web Services, as Dynamics 365 uses it.

.PARAMETER TenantId
The id of the Entra tenant with which Exchange is hybrid.

.PARAMETER TenantDomain
A domain of that tenant, like contoso.onmicrosoft.com. Needed only if the script asks for it.

.PARAMETER EvidencePath
Where to write the evidence. Default: hma-exchange-evidence.json beside this script.

.EXAMPLE
.\exchange-setup.ps1

Shows what is right, what would be changed, and what needs a decision.

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

# Of "Version 15.2 (Build 2562.17)", or "15.02.2562.017" as files have it.
function ConvertTo-Build {
    param([string] $Text)
    if ($Text -match '^Version (\d+)\.(\d+) \(Build (\d+)\.(\d+)\)' -or $Text -match '^(\d+)\.(\d+)\.(\d+)\.(\d+)') {
        return '{0}.{1}.{2}.{3}' -f [int] $Matches[1], [int] $Matches[2], [int] $Matches[3], [int] $Matches[4]
    }
    return ''
}

# The directory knows the cumulative update alone; security updates show in a file of the server.
function Get-InstalledBuild {
    param([string] $Fqdn)
    try {
        $options = New-PSSessionOption -OpenTimeout 10000
        $version = Invoke-Command -ComputerName $Fqdn -SessionOption $options -ScriptBlock { (Get-Command ExSetup.exe).FileVersionInfo.FileVersion } -ErrorAction Stop
        return ConvertTo-Build "$version"
    }
    catch { return '' }
}

function Get-Servers {
    $servers = @(Get-ExchangeServer -ErrorAction Stop | Where-Object { "$($_.ServerRole)" -notmatch 'Edge' })
    foreach ($server in $servers) {
        $listed = ConvertTo-Build "$($server.AdminDisplayVersion)"
        $installed = Get-InstalledBuild "$($server.Fqdn)"
        $build = $listed
        if ($installed -ne '') { $build = $installed }
        [pscustomobject] @{ name = "$($server.Name)"; build = $build; exact = ($installed -ne '') }
    }
}

function Get-VirtualDirectories {
    param($Servers)
    foreach ($server in $Servers) {
        try {
            foreach ($one in @(Get-WebServicesVirtualDirectory -Server $server.name -ErrorAction Stop)) {
                $oauth = Get-Value $one 'OAuthAuthentication'
                [pscustomobject] @{
                    server = $server.name; identity = "$($one.Identity)"; read = $true; oauth = ($oauth -eq $true)
                    externalUrl = "$($one.ExternalUrl)"; internalUrl = "$($one.InternalUrl)"
                }
            }
        }
        catch {
            Write-Warning "$($server.name): $($_.Exception.Message)"
            [pscustomobject] @{ server = $server.name; identity = ''; read = $false; oauth = $false; externalUrl = ''; internalUrl = '' }
        }
    }
}

function Get-AuthServers {
    foreach ($one in @(Get-AuthServer -ErrorAction Stop)) {
        [pscustomobject] @{
            name = "$($one.Name)"; type = "$($one.Type)"; realm = "$($one.Realm)".ToLower(); enabled = ($one.Enabled -eq $true)
            default = ((Get-Value $one 'IsDefaultAuthorizationEndpoint') -eq $true)
            authorizationEndpoint = "$(Get-Value $one 'AuthorizationEndpoint')"
            metadataUrl = "$($one.AuthMetadataUrl)"; domainNames = @(Get-Value $one 'DomainName' | Where-Object { "$_" -ne '' }).Count
        }
    }
}

function Get-AuthCertificate {
    param($Servers)
    if (-not (Test-Available 'Get-AuthConfig') -or -not (Test-Available 'Get-ExchangeCertificate')) { return $null }
    $thumbprint = "$((Get-AuthConfig -ErrorAction Stop).CurrentCertificateThumbprint)"
    $expires = ''
    $without = @()
    foreach ($server in $Servers) {
        try {
            $found = @(Get-ExchangeCertificate -Server $server.name -Thumbprint $thumbprint -ErrorAction Stop)
            $expires = Format-Instant $found[0].NotAfter
        }
        catch { $without += $server.name }
    }
    return [pscustomobject] @{ expires = $expires; missingOn = @($without) }
}

function Format-Instant {
    param($Time)
    return $Time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture)
}

# The proxy through which this server reaches the internet.
function Get-Proxy {
    try { return "$(Get-Value (Get-ExchangeServer -Identity $env:COMPUTERNAME -ErrorAction Stop) 'InternetWebProxy')" }
    catch { return '' }
}

# The answer to a request: its status, who answered, and whether it asks for a token. Status 0 where nothing answered.
function Get-Answer {
    param([string] $Url, [string] $Authorization = '')
    $request = @{ Uri = $Url; UseBasicParsing = $true; TimeoutSec = 30; ErrorAction = 'Stop' }
    if ($Authorization -ne '') { $request['Headers'] = @{ Authorization = $Authorization } }
    $proxy = Get-Proxy
    if ($proxy -ne '' -and $Authorization -eq '') { $request['Proxy'] = $proxy }
    try {
        $answer = Invoke-WebRequest @request
        return [pscustomobject] @{ status = [int] $answer.StatusCode; server = "$($answer.Headers['X-FEServer'])"; bearer = $false; error = '' }
    }
    catch {
        $response = Get-Value $_.Exception 'Response'
        if ($null -eq $response) { return [pscustomobject] @{ status = 0; server = ''; bearer = $false; error = $_.Exception.Message } }
        $server = "$($response.Headers['X-FEServer'])"
        $bearer = "$($response.Headers['WWW-Authenticate'])" -match 'Bearer'
        return [pscustomobject] @{ status = [int] $response.StatusCode; server = $server; bearer = $bearer; error = '' }
    }
}

function Get-OffloadingServers {
    if (-not (Test-Available 'Get-OutlookAnywhere')) { return }
    foreach ($one in @(Get-OutlookAnywhere -ADPropertiesOnly -ErrorAction Stop)) {
        if ((Get-Value $one 'SSLOffloading') -eq $true) { "$($one.Server)" }
    }
}

function Get-MailboxScope {
    if ($ScopeName -eq '' -or -not (Test-Available 'Get-ManagementScope')) { return $null }
    $scopes = @(Get-ManagementScope -ErrorAction Stop | Where-Object { $_.Name -eq $ScopeName })
    $assignments = @(Get-ManagementRoleAssignment -Role 'ApplicationImpersonation' -ErrorAction Stop | Where-Object { $_.Name -eq $AssignmentName })
    $limited = @($assignments | Where-Object { "$($_.CustomRecipientWriteScope)" -eq $ScopeName }).Count -gt 0
    return [pscustomobject] @{ scope = ($scopes.Count -gt 0); assignment = ($assignments.Count -gt 0); limited = $limited }
}

# Everything that can be seen, as it is now.
function Get-Facts {
    $servers = @(Get-Servers)
    $organization = Get-OrganizationConfig -ErrorAction Stop
    $authServers = @(Get-AuthServers)
    $metadataUrl = 'https://' + $SignInHosts[0] + '/' + $TenantId + '/.well-known/openid-configuration'
    return [ordered] @{
        organization = "$(Get-Value $organization 'Guid')"
        clientProfile = ((Get-Value $organization 'OAuth2ClientProfileEnabled') -eq $true)
        servers = $servers
        virtualDirectories = @(Get-VirtualDirectories $servers)
        authServers = $authServers
        authCertificate = Get-AuthCertificate $servers
        metadata = Get-Answer $metadataUrl
        outside = Get-Answer $EwsUrl 'Bearer'
        hybridAgent = (@(Get-Service -DisplayName 'Microsoft Hybrid Service*' -ErrorAction SilentlyContinue).Count -gt 0)
        sslOffloading = @(Get-OffloadingServers)
        mailboxScope = Get-MailboxScope
    }
}

function Get-VersionPoints {
    param($Facts)
    foreach ($server in $Facts.servers) {
        if ($server.build -eq '') {
            New-Point 'versions' 'unknown' "$($server.name) does not say its version."
            continue
        }
        $build = [version] $server.build
        $known = @($minimums | Where-Object { $build -ge $_.from })
        if ($known.Count -eq 0) { New-Point 'versions' 'advice' "$($server.name): build $build is older than Exchange 2013, which does not support HMA. Remove the server from the organization." }
        elseif ($build -lt $known[0].least) { New-Point 'versions' 'advice' "$($server.name): $($known[0].name), build $build, does not support HMA. Install $($known[0].update) ($($known[0].least)) or later." }
        else { New-Point 'versions' 'ok' "$($server.name): $($known[0].name), build $build." }
    }
}

function Get-VirtualDirectoryPoints {
    param($Facts)
    $set = 'Set-WebServicesVirtualDirectory'
    foreach ($one in $Facts.virtualDirectories) {
        if (-not $one.read) {
            New-Point 'oauth' 'unknown' "$($one.server): the EWS virtual directory cannot be read. Is the server running?"
            continue
        }
        $id = $one.identity
        if ($one.oauth) { New-Point 'oauth' 'ok' "$($one.server): OAuth is on for EWS." }
        else { New-Point 'oauth' 'open' "$($one.server): OAuth is off for EWS." $set ([ordered] @{ Identity = $id; OAuthAuthentication = $true }) (Format-Call $set ([ordered] @{ Identity = $id; OAuthAuthentication = $false })) }
        $hosts = @($one.externalUrl, $one.internalUrl | Where-Object { $_ -ne '' } | ForEach-Object { ([uri] $_).Host })
        if ($hosts -contains $ewsHost) { New-Point 'urls' 'ok' "$($one.server): EWS is published as $ewsHost." }
        elseif ($one.externalUrl -eq '') { New-Point 'urls' 'open' "$($one.server): EWS has no external address." $set ([ordered] @{ Identity = $id; ExternalUrl = $EwsUrl }) (Format-Call $set ([ordered] @{ Identity = $id; ExternalUrl = $null })) }
        else { New-Point 'urls' 'advice' "$($one.server): the external address of EWS is $($one.externalUrl), and Dynamics 365 uses $EwsUrl. Exchange accepts tokens only for addresses it knows: correct exchange.ewsUrl in the configuration of hma, or the ExternalUrl." }
    }
}

# The AuthServer of our tenant; the one that is the default, or has the name that newer hybrid wizards give, where there are several.
function Select-AuthServer {
    param($Facts)
    $ours = @($Facts.authServers | Where-Object { $_.type -eq 'AzureAD' -and $_.realm -eq $TenantId.ToLower() })
    $preferred = @($ours | Where-Object { $_.default }) + @($ours | Where-Object { $_.name -like 'EvoSts - *' }) + $ours
    if ($preferred.Count -eq 0) { return $null }
    return $preferred[0]
}

function Get-TenantDomain {
    param($Server)
    if ($TenantDomain -ne '') { return $TenantDomain }
    if ($Server.metadataUrl -match '^https://[^/]+/([^/]+\.[^/]+)/') { return $Matches[1] }
    return ''
}

function Get-AuthServerPoints {
    param($Facts)
    $entra = @($Facts.authServers | Where-Object { $_.type -eq 'AzureAD' })
    $ours = Select-AuthServer $Facts
    if ($entra.Count -eq 0) { return New-Point 'authServer' 'advice' 'There is no AuthServer of Microsoft Entra (EvoSTS). Run the Hybrid Configuration Wizard, with classic hybrid.' }
    if ($null -eq $ours) { return New-Point 'authServer' 'advice' "No AuthServer belongs to tenant $TenantId; there are those of $(@($entra | ForEach-Object { $_.realm }) -join ', '). Run the Hybrid Configuration Wizard for the tenant, or correct hmaApp.tenantId in the configuration of hma." }
    $set = 'Set-AuthServer'
    $name = $ours.name
    if (-not $ours.enabled) { New-Point 'authServer' 'open' "$name is disabled." $set ([ordered] @{ Identity = $name; Enabled = $true }) (Format-Call $set ([ordered] @{ Identity = $name; Enabled = $false })) }
    else { New-Point 'authServer' 'ok' "$name is enabled." }
    $default = @($Facts.authServers | Where-Object { $_.default })
    $other = @($default | Where-Object { $_.type -ne 'AzureAD' })
    if ($other.Count -gt 0) { return New-Point 'authServer' 'advice' "$($other[0].name) is the default authorization endpoint. To change it also changes where Outlook signs in, so it is for you to decide: $(Format-Call $set ([ordered] @{ Identity = $other[0].name; IsDefaultAuthorizationEndpoint = $false })); $(Format-Call $set ([ordered] @{ Identity = $name; IsDefaultAuthorizationEndpoint = $true }))" }
    if ($default.Count -gt 0) { return Get-EndpointPoint $default[0] }
    if (-not (Test-Available $set 'IsDefaultAuthorizationEndpoint')) { return New-Point 'authServer' 'advice' 'This version of Exchange cannot set a default authorization endpoint. Install the newest cumulative update.' }
    $with = [ordered] @{ Identity = $name; IsDefaultAuthorizationEndpoint = $true }
    $undo = Format-Call $set ([ordered] @{ Identity = $name; IsDefaultAuthorizationEndpoint = $false })
    # Since September 2020 the hybrid wizard makes one AuthServer a tenant, and Exchange finds the right one by its domain.
    if ($name -like 'EvoSts - *' -and $ours.domainNames -eq 0 -and (Test-Available $set 'DomainName')) {
        $domain = Get-TenantDomain $ours
        if ($domain -eq '') { return New-Point 'authServer' 'advice' "$name needs a domain of the tenant. Run the script again with -TenantDomain, for example contoso.onmicrosoft.com." }
        $with['DomainName'] = $domain
        $undo = Format-Call $set ([ordered] @{ Identity = $name; IsDefaultAuthorizationEndpoint = $false; DomainName = $null })
    }
    New-Point 'authServer' 'open' "$name is not the default authorization endpoint." $set $with $undo
}

function Get-EndpointPoint {
    param($Server)
    $set = 'Set-AuthServer'
    if ($Server.authorizationEndpoint -eq '') { return New-Point 'authServer' 'open' "$($Server.name) has no authorization endpoint." $set ([ordered] @{ Identity = $Server.name; RefreshAuthMetadata = $true }) 'nothing: it reads the metadata of Entra again' }
    $signInHost = ([uri] $Server.authorizationEndpoint).Host
    if ($SignInHosts -notcontains $signInHost) { return New-Point 'authServer' 'advice' "$($Server.name) sends clients to $signInHost, where this cloud does not sign in. Run the Hybrid Configuration Wizard for the right cloud." }
    return New-Point 'authServer' 'ok' "$($Server.name) is the default authorization endpoint."
}

function Get-OrganizationPoints {
    param($Facts)
    $set = 'Set-OrganizationConfig'
    if ($Facts.clientProfile) { New-Point 'clientProfile' 'ok' 'OAuth2ClientProfileEnabled is true.' }
    elseif (Test-Available $set 'OAuth2ClientProfileEnabled') { New-Point 'clientProfile' 'open' 'OAuth2ClientProfileEnabled is false.' $set ([ordered] @{ OAuth2ClientProfileEnabled = $true }) (Format-Call $set ([ordered] @{ OAuth2ClientProfileEnabled = $false })) }
    else { New-Point 'clientProfile' 'advice' 'This version of Exchange has no OAuth2ClientProfileEnabled. Install the newest cumulative update.' }
    $certificate = $Facts.authCertificate
    $renew = 'https://aka.ms/MonitorExchangeAuthCertificate renews it.'
    if ($null -eq $certificate) { New-Point 'authCertificate' 'unknown' 'Your roles do not show the Auth certificate.' }
    elseif ($certificate.expires -eq '') { New-Point 'authCertificate' 'advice' "No server has the Auth certificate. $renew" }
    elseif ($certificate.expires -lt (Format-Instant ([datetime]::UtcNow))) { New-Point 'authCertificate' 'advice' "The Auth certificate expired on $($certificate.expires). $renew" }
    elseif ($certificate.missingOn.Count -gt 0) { New-Point 'authCertificate' 'advice' "The Auth certificate is missing on $($certificate.missingOn -join ', '). $renew" }
    else { New-Point 'authCertificate' 'ok' "The Auth certificate is valid until $($certificate.expires)." }
}

function Get-NetworkPoints {
    param($Facts)
    if ($Facts.metadata.status -eq 200) { New-Point 'metadata' 'ok' 'This server reaches the metadata of Entra.' }
    else { New-Point 'metadata' 'advice' "This server does not reach the metadata of Entra ($($Facts.metadata.status) $($Facts.metadata.error)). Let every Exchange server out to $($SignInHosts -join ', ') on port 443, or set InternetWebProxy with Set-ExchangeServer." }
    if ($Facts.hybridAgent) { New-Point 'hybridAgent' 'advice' 'The Hybrid Agent is installed on this server. HMA does not work through it: publish EWS to the internet, and run the Hybrid Configuration Wizard with classic hybrid.' }
    else { New-Point 'hybridAgent' 'ok' 'There is no Hybrid Agent on this server.' }
    if ($Facts.sslOffloading.Count -gt 0) { New-Point 'sslOffloading' 'advice' "SSL offloading is allowed on $($Facts.sslOffloading -join ', '). If a device before Exchange ends TLS, it must open TLS to Exchange again (bridging), or Exchange refuses every token." }
    else { New-Point 'sslOffloading' 'ok' 'SSL offloading is off.' }
    $seen = $Facts.outside
    if ($seen.status -eq 0) { New-Point 'preAuthentication' 'unknown' "This server does not reach $EwsUrl ($($seen.error)). That may be as it should be: hma verify looks from outside." }
    elseif ($seen.server -eq '') { New-Point 'preAuthentication' 'advice' "Something before Exchange answers at $EwsUrl (status $($seen.status)). Publish /EWS without pre-authentication." }
    elseif ($seen.bearer) { New-Point 'preAuthentication' 'ok' "Exchange itself answers at $EwsUrl, and asks for a token." }
    else { New-Point 'preAuthentication' 'unknown' "Exchange answers at $EwsUrl, and does not ask for a token yet." }
}

function Get-ScopePoints {
    param($Facts)
    if ($ScopeName -eq '') { return }
    $scope = $Facts.mailboxScope
    if ($null -eq $scope) { New-Point 'mailboxScope' 'unknown' 'Your roles do not show management scopes.' }
    elseif ($scope.scope -and $scope.limited) { New-Point 'mailboxScope' 'ok' "The scope $ScopeName and the assignment $AssignmentName exist." }
    else { New-Point 'mailboxScope' 'advice' "The scope $ScopeName or the assignment $AssignmentName is missing. Run the script that hma wrote for it (exchange.mailboxScope)." }
}

function Get-Points {
    param($Facts)
    Get-VersionPoints $Facts
    Get-VirtualDirectoryPoints $Facts
    Get-AuthServerPoints $Facts
    Get-OrganizationPoints $Facts
    Get-NetworkPoints $Facts
    Get-ScopePoints $Facts
}

# The digest shows that a file was cut off or changed on its way. It covers the text without blanks and line breaks, with zeros in its own place.
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
# What was changed is looked at again: the evidence says what is, not what was meant.
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
if ($changes -gt 0) { Write-Host "$changes changed. Exchange takes new settings within an hour; run iisreset on each server to have them at once." }
if ($open.Count -gt 0) { Write-Host "$($open.Count) to change: run the script again with -Apply." }
if ($advice.Count -gt 0) { Write-Host "$($advice.Count) for you to decide: see the lines marked 'advice'." }
if ($open.Count + $advice.Count -eq 0) { Write-Host 'Exchange is ready for Hybrid Modern Authentication.' }
Write-Host "Send this file to whoever runs hma: $path"
