<#
.SYNOPSIS
    Builds, tests or packs the module; each task is one plain dotnet command.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package')]
    [string] $Task = 'Build'
)

$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' { dotnet build }
        'Test' { dotnet test }
        'Package' { dotnet run --project tools/ModulePacker }
    }
    if ($LASTEXITCODE -ne 0) { throw "$Task failed." }
}
finally {
    Pop-Location
}
