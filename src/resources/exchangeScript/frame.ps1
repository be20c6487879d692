Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# Versions of Exchange differ in commands and parameters, and Exchange shows administrators only what their roles allow.
function Test-Available {
    param([string] $Command, [string] $Parameter = '')
    $found = @(Get-Command -Name $Command -ErrorAction SilentlyContinue)
    if ($found.Count -eq 0) { return $false }
    if ($Parameter -eq '') { return $true }
    return $found[0].Parameters.ContainsKey($Parameter)
}

function Assert-Available {
    param([string[]] $Commands)
    $missing = @($Commands | Where-Object { -not (Test-Available -Command $_) })
    if ($missing.Count -gt 0) {
        throw "These commands are missing: $($missing -join ', '). Run the script in the Exchange Management Shell of an Exchange server, as a member of Organization Management."
    }
}

# The value of a property that this version of Exchange may not have.
function Get-Value {
    param($Object, [string] $Name)
    if ($null -eq $Object) { return $null }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

function Format-Literal {
    param($Value)
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [bool]) { return '$' + "$Value".ToLower() }
    return "'" + "$Value".Replace("'", "''") + "'"
}

# A command as it can be typed: what the script shows is what it runs.
function Format-Call {
    param([string] $Command, $With)
    $words = @($Command)
    foreach ($name in $With.Keys) {
        $words += '-' + $name
        $words += Format-Literal $With[$name]
    }
    return $words -join ' '
}

# One thing that the script checks. State: ok; open (Command with With corrects it); advice (a person decides); unknown (it could not be read).
function New-Point {
    param([string] $Name, [string] $State, [string] $Text, [string] $Command = '', $With = $null, [string] $Undo = '')
    return [pscustomobject] @{ Name = $Name; State = $State; Text = $Text; Command = $Command; With = $With; Undo = $Undo }
}

$labels = @{ ok = 'ok'; open = 'change'; advice = 'advice'; unknown = 'unknown' }

# Shows a point and, if it is open and the script may act, runs its command. True if something was changed.
function Invoke-Point {
    param($Point, [bool] $Acts, $Cmdlet)
    Write-Host ('{0,-8} {1}: {2}' -f $labels[$Point.State], $Point.Name, $Point.Text)
    if ($Point.State -ne 'open') { return $false }
    $call = Format-Call -Command $Point.Command -With $Point.With
    if (-not $Acts) {
        Write-Host "           would run: $call"
        Write-Host "           undo with: $($Point.Undo)"
        return $false
    }
    if (-not $Cmdlet.ShouldProcess($Point.Text, $call)) { return $false }
    Write-Host "           runs:      $call"
    Write-Host "           undo with: $($Point.Undo)"
    $with = $Point.With
    try {
        & $Point.Command @with -ErrorAction Stop | Out-Null
        return $true
    }
    catch {
        Write-Warning "$($Point.Name): $($_.Exception.Message)"
        return $false
    }
}
