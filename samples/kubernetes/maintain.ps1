<#
.SYNOPSIS
Maintains the etcd of the cluster that this pod runs in, or the one at the endpoints given.

.DESCRIPTION
Ends with 0 when the cluster is well, 1 when its maintenance failed, was not finished or could not be reported, 2 when
there was no connection or something is wrong with the set-up.

.PARAMETER Endpoint
Endpoints to use in place of the pods, for an etcd that runs elsewhere.

.PARAMETER Namespace
Where the etcd pods are.

.PARAMETER ClusterName
What to call the cluster in the log.

.PARAMETER CertificateFolder
The folder with ca.crt, tls.crt and tls.key, as a secret of type kubernetes.io/tls is mounted.

.PARAMETER MaximumMinutes
Nothing is begun later, and no member that would not be done by then. The job must have longer than that.

.PARAMETER ReportPath
A file for the report, .json or .html.

.PARAMETER PlanOnly
Show what would be done, and touch nothing.
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
    exit 2
}

$maintain = @{
    Connection = $connection
    NotAfter   = $notAfter
    WhatIf     = $PlanOnly
    Confirm    = $false
    Verbose    = $true
}

# The story of the run goes to the log of the pod; an error must not keep the report from being written.
$ended = $false
try {
    $reports = Invoke-EtcdMaintenance @maintain -ErrorAction Continue
    $ended = $true
}
finally {
    # A pod that is told to stop waits for the member in hand, and then comes only here.
    if (-not $ended) {
        $Host.SetShouldExit(1)
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
exit $(if (-not $reports -or -not $isReported -or $reports.Status -in 'Failed', 'NotAttempted') { 1 } else { 0 })
