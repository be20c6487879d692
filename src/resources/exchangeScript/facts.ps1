# Of "Version 15.2 (Build 2562.17)", or "15.02.2562.017" as files have it.
function ConvertTo-Build {
    param([string] $Text)
    if ($Text -match '^Version (\d+)\.(\d+) \(Build (\d+)\.(\d+)\)' -or $Text -match '^(\d+)\.(\d+)\.(\d+)\.(\d+)') {
        return '{0}.{1}.{2}.{3}' -f [int] $Matches[1], [int] $Matches[2], [int] $Matches[3], [int] $Matches[4]
    }
    return ''
}

# The directory has only the cumulative update; security updates show in a file on the server.
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

# The answer to a request: its status, who answered, and whether it asks for a token. Status 0 if nothing answered.
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

# The current settings, as far as they are visible.
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
