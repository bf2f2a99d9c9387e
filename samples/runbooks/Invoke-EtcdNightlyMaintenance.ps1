<#
.SYNOPSIS
Maintains etcd clusters from an Azure Automation job.

.DESCRIPTION
Reads the clusters from an Automation variable and the client certificate from an Automation certificate or a Key Vault,
connects to all of them, and runs the whole runbook on each. One line a cluster goes to the job's output as soon as it
is done. Only at the end, when no line can be lost any more, the job fails if a cluster needs somebody.

A job that is started again from the beginning does no harm: what is done already is found to need nothing.

.PARAMETER ClusterVariable
The Automation variable with the clusters as CSV text: ClusterName,Endpoint, and any other parameter of
Connect-EtcdCluster that it takes by property name. Several endpoints in one cell are separated by commas, in quotes.

.PARAMETER CAVariable
The Automation variable with the CA certificates as PEM text.

.PARAMETER CertificateName
The Automation certificate to show to etcd, exportable; with VaultName the Key Vault secret.

.PARAMETER VaultName
The Key Vault whose secret holds certificate and key as PEM text, read with the account's managed identity.

.PARAMETER MaximumMinutes
No cluster starts later, and no member that would not be done by then. A cloud job ends after 180 minutes.

.PARAMETER FailureLimit
After the runs in so many clusters have failed, with a change begun, no further cluster is started.

.PARAMETER PlanOnly
Show what would be done, and touch nothing.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [string] $ClusterVariable = 'EtcdClusters',
    [string] $CAVariable = 'EtcdCA',
    [string] $CertificateName = 'etcd-client',
    [string] $VaultName,
    [ValidateRange(1, 170)] [int] $MaximumMinutes = 150,
    [ValidateRange(1, 10000)] [int] $FailureLimit = 3,
    [bool] $PlanOnly = $false
)

# What is needed to begin with ends the job at once; trouble of single clusters must not.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$notAfter = (Get-Date).AddMinutes($MaximumMinutes)
Import-Module EtcdMaint

function Get-ClientCertificate($Name, $Vault) {
    if (-not $Vault) {
        return Get-AutomationCertificate -Name $Name
    }
    Disable-AzContextAutosave -Scope Process | Out-Null
    Connect-AzAccount -Identity | Out-Null
    Get-AzKeyVaultSecret -VaultName $Vault -Name $Name -AsPlainText
}

function Format-Report($Report) {
    $pause = ($Report.Defrag.Duration | Measure-Object -Property TotalSeconds -Maximum).Maximum
    $longest = if ($pause) { ', longest pause {0:N1} s' -f $pause }
    '{0,-24} {1,-13} {2}{3}' -f $Report.ClusterName, $Report.Status, $Report.Reason, $longest
}

$clusters = @(Get-AutomationVariable -Name $ClusterVariable | ConvertFrom-Csv)
if (-not $clusters) {
    throw "The variable $ClusterVariable names no cluster."
}
if ($clusters | Where-Object { [string]::IsNullOrWhiteSpace($_.ClusterName) }) {
    throw "Each row of the variable $ClusterVariable needs a ClusterName."
}
$twice = @($clusters | Group-Object ClusterName | Where-Object Count -gt 1)
if ($twice) {
    throw "The variable $ClusterVariable names these clusters in several rows: $($twice.Name -join ', ')."
}
$connect = @{
    CACertificate     = Get-AutomationVariable -Name $CAVariable
    ClientCertificate = Get-ClientCertificate $CertificateName $VaultName
}
$maintain = @{
    NotAfter     = $notAfter
    FailureLimit = $FailureLimit
    WhatIf       = $PlanOnly
    Confirm      = $false
}

$failed = @()
$reports = @{}
try {
    $clusters |
        Connect-EtcdCluster @connect -NoDefault -ErrorAction Continue -ErrorVariable +failed |
        Invoke-EtcdMaintenance @maintain -ErrorAction Continue -ErrorVariable +failed |
        ForEach-Object {
            $reports[$_.ClusterName] = $_
            Format-Report $_
        }
}
finally {
    Get-EtcdConnection | Disconnect-EtcdCluster
}

# Every cluster of the list gets its line, also one that could not be connected to.
$missing = @($clusters | Where-Object { -not $reports.ContainsKey($_.ClusterName) })
foreach ($cluster in $missing) {
    '{0,-24} {1,-13} {2}' -f $cluster.ClusterName, 'Unreachable', $cluster.Endpoint
}

$bad = @($reports.Values | Where-Object Status -in 'Failed', 'NotAttempted')
'{0} clusters: {1} well, {2} failed or not attempted, {3} unreachable' -f `
    $clusters.Count, ($reports.Count - $bad.Count), $bad.Count, $missing.Count
if ($bad -or $missing) {
    $names = @($bad.ClusterName) + @($missing.ClusterName) | Sort-Object
    $reasons = $failed | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } | Sort-Object -Unique
    throw "$(@($names).Count) of $($clusters.Count) clusters need attention: $($names -join ', '). Errors: $($reasons -join ', ')."
}
