<#
.SYNOPSIS
Maintains etcd clusters from an Azure Automation job.

.DESCRIPTION
The script reads the clusters from an Automation variable, and the client certificate from an Automation certificate or
a Key Vault. It connects to all clusters and runs the whole runbook on each of them. It writes one line to the output of
the job as soon as a cluster is finished. If a cluster needs attention, the job fails at its end, so that no line is
lost. A job has no exit code, so the last line of its output contains the code of docs/exit-codes.md.

You can safely start a job again from the beginning. It changes nothing in a cluster that was already maintained.

.PARAMETER ClusterVariable
The Automation variable with the clusters as CSV text. The columns are ClusterName, Endpoint, and any other parameter of
Connect-EtcdCluster that accepts pipeline input by property name. Enclose several endpoints in one cell in quotation
marks, separated by commas.

.PARAMETER CAVariable
The Automation variable with the CA certificates as PEM text.

.PARAMETER CertificateName
The name of an exportable Automation certificate to present to etcd or, with VaultName, of the Key Vault secret.

.PARAMETER VaultName
The Key Vault whose secret contains the certificate and the key as PEM text. The script reads it with the managed
identity of the account.

.PARAMETER MaximumMinutes
After this time, no cluster starts. No member starts that would not finish by then. A cloud job ends after 180 minutes.

.PARAMETER FailureLimit
After this number of runs have failed that had begun to change their cluster, no other cluster starts.

.PARAMETER Shard
The part of the clusters to maintain, such as 3/20. Start-EtcdFleetMaintenance.ps1 sets it. Default: all clusters.

.PARAMETER PlanOnly
Shows what the run would do, and changes nothing.
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
    [string] $Shard,
    [bool] $PlanOnly = $false
)

# An error in the setup ends the job immediately. An error of a single cluster must not end it.
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
if ($Shard) {
    $connect.Shard = $Shard
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

# Every cluster of the list, or of the shard, has a report, even if the connection to it failed (Status Unreachable).
$bad = @($reports.Values | Where-Object ExitCode)
$failures = @($bad | Where-Object ExitCode -eq 1)
'clusters: {0}, failed: {1}, not finished: {2}' -f $reports.Count, $failures.Count, ($bad.Count - $failures.Count)
if ($bad) {
    # The parent runbook reads this line. A failure takes precedence, because a new job would not help this cluster.
    $failures ? 'code 1 of docs/exit-codes.md' : 'code 2 of docs/exit-codes.md'
    $names = $bad.ClusterName | Sort-Object
    $reasons = $failed | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } | Sort-Object -Unique
    throw "These clusters need attention: $($names -join ', '). Errors: $($reasons -join ', ')."
}
