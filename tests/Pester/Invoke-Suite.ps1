<#
.SYNOPSIS
    Runs the Pester suite on the built module; the exit code is the number of tests that failed.
.DESCRIPTION
    The cluster to use is the one that the ETCDCTL_ variables name, which must be a throw-away one: it is filled until it
    refuses writes. Without them the tests that need a cluster are skipped.
#>
[CmdletBinding()]
param(
    # The version of Pester to use; the newest one unless given.
    [version] $PesterVersion,

    # The manifest of the module to test.
    [string] $Module = (Join-Path $PSScriptRoot '../../out/EtcdMaint/EtcdMaint.psd1')
)

$ErrorActionPreference = 'Stop'
$pester = @{ Name = 'Pester' }
if ($PesterVersion) { $pester.RequiredVersion = $PesterVersion } else { $pester.MinimumVersion = '5.0' }
Import-Module @pester

$env:ETCDMAINT_MODULE = (Resolve-Path $Module).Path
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
foreach ($test in $result.Failed) { "FAILED $($test.ExpandedPath): $($test.ErrorRecord)" }
foreach ($container in $result.FailedContainers) { "FAILED $($container.Item): $($container.ErrorRecord)" }
"Pester $((Get-Module Pester).Version): $($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
exit $result.FailedCount + $result.FailedContainersCount
