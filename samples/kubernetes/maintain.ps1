<#
.SYNOPSIS
Maintains the etcd of the cluster in which this pod runs, or the etcd at the specified endpoints.

.DESCRIPTION
The exit code is 0 after a success, 1 if the maintenance failed or could not be reported, 2 if it was not finished and can
be repeated safely, and 3 if the setup is incorrect.

.PARAMETER Endpoint
The endpoints to use instead of the pods, for an etcd outside of the cluster.

.PARAMETER Namespace
The namespace of the etcd pods.

.PARAMETER ClusterName
The name of the cluster in the log.

.PARAMETER CertificateFolder
The folder with ca.crt, tls.crt and tls.key, as a secret of type kubernetes.io/tls is mounted.

.PARAMETER MaximumMinutes
After this time, the run does not start. No member starts that would not finish by then. The time limit of the job must
be longer.

.PARAMETER ReportPath
A file for the report, .json or .html.

.PARAMETER PlanOnly
Shows what the run would do, and changes nothing.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [string[]] $Endpoint,
    [string] $Namespace = 'kube-system',
    [string] $ClusterName = 'kubernetes',
    [string] $CertificateFolder = '/etc/etcdmaint/tls',
    [ValidateRange(1, 1440)] [int] $MaximumMinutes = 90,
    [string] $ReportPath,
    [switch] $PlanOnly
)

$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$notAfter = (Get-Date).AddMinutes($MaximumMinutes)
try {
    Import-Module EtcdMaint -ErrorAction Stop
    $connect = @{
        ClusterName       = $ClusterName
        CACertificate     = Join-Path $CertificateFolder 'ca.crt'
        ClientCertificate = Join-Path $CertificateFolder 'tls.crt'
        ClientKey         = Join-Path $CertificateFolder 'tls.key'
        ErrorAction       = 'Stop'
    }
    if ($Endpoint) {
        $connect.Endpoint = $Endpoint
    }
    else {
        $connect.Kubernetes = $true
        $connect.Namespace = $Namespace
    }
    $connection = Connect-EtcdCluster @connect
}
catch {
    "no connection: $($_.FullyQualifiedErrorId.Split(',')[0]): $_"
    $_.ErrorDetails.RecommendedAction
    # A cluster that does not answer can answer later. Every other error needs a change of the setup.
    $later = 'ConnectionError', 'OperationTimeout', 'ResourceBusy', 'ResourceUnavailable', 'LimitsExceeded'
    exit $($_.CategoryInfo.Category -in $later -and $connect ? 2 : 3)
}

$maintain = @{
    Connection = $connection
    NotAfter   = $notAfter
    WhatIf     = $PlanOnly
    Confirm    = $false
    Verbose    = $true
}

# The messages of the run go to the log of the pod. An error must not prevent the report.
$ended = $false
try {
    $reports = Invoke-EtcdMaintenance @maintain -ErrorAction Continue
    $ended = $true
}
finally {
    # If the pod is stopped, the run waits for the current member, and then only this block runs.
    if (-not $ended) {
        $Host.SetShouldExit(2)
    }
}
$isReported = $true
if ($ReportPath -and $reports) {
    try {
        $reports | Export-EtcdMaintenanceReport -Path $ReportPath -Force -ErrorAction Stop | ForEach-Object { "report: $($_.FullName)" }
    }
    catch {
        "no report: $($_.FullyQualifiedErrorId.Split(',')[0]): $_"
        $isReported = $false
    }
}
$reports.Step | ForEach-Object { '{0,-13} {1,-13} {2}' -f $_.Name, $_.Status, $_.Reason }
"$reports"
# A run without a report has failed. Of several reports, code 1 takes precedence over code 2.
exit $(if ($reports -and $isReported) { (@($reports.ExitCode) -ne 0 | Measure-Object -Minimum).Minimum } else { 1 })
