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
    if (-not (Test-Available $set 'IsDefaultAuthorizationEndpoint')) { return New-Point 'authServer' 'advice' 'This version of Exchange, or your role in it, cannot set a default authorization endpoint. Install the newest cumulative update, or run the script as a member of Organization Management.' }
    $with = [ordered] @{ Identity = $name; IsDefaultAuthorizationEndpoint = $true }
    $undo = Format-Call $set ([ordered] @{ Identity = $name; IsDefaultAuthorizationEndpoint = $false })
    # Since September 2020 the hybrid wizard creates one AuthServer per tenant, and Exchange finds the right one by its domain.
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
    else { New-Point 'clientProfile' 'advice' 'This version of Exchange, or your role in it, cannot set OAuth2ClientProfileEnabled. Install the newest cumulative update, or run the script as a member of Organization Management.' }
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
    if ($Facts.sslOffloading.Count -gt 0) { New-Point 'sslOffloading' 'advice' "SSL offloading is allowed on $($Facts.sslOffloading -join ', '). If a device in front of Exchange ends TLS, it must open TLS to Exchange again (bridging), or Exchange refuses every token." }
    else { New-Point 'sslOffloading' 'ok' 'SSL offloading is off.' }
    $seen = $Facts.outside
    if ($seen.status -eq 0) { New-Point 'preAuthentication' 'unknown' "This server does not reach $EwsUrl ($($seen.error)). That may be correct: hma verify checks from outside." }
    elseif ($seen.server -eq '') { New-Point 'preAuthentication' 'advice' "Something in front of Exchange answers at $EwsUrl (status $($seen.status)). Publish /EWS without pre-authentication." }
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
