<#
.SYNOPSIS
Maintains the etcd of the cluster that this pod runs in, or the one at the endpoints given.

.DESCRIPTION
Ends with 0 when the cluster is well, 1 when its maintenance failed or was not finished, 2 when there was no connection
or something is wrong with the set-up.

.PARAMETER Endpoint
Endpoints to use in place of the pods, for an etcd that runs elsewhere.

.PARAMETER Namespace
Where the etcd pods are.

.PARAMETER ClusterName
What to call the cluster in the log.

.PARAMETER CertificateFolder
The folder with ca.crt, tls.crt and tls.key, as a secret of type kubernetes.io/tls is mounted.

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
    [string] $ReportPath,
    [switch] $PlanOnly
)

$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
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

# The story of the run goes to the log of the pod; an error must not keep the report from being written.
$reports = Invoke-EtcdMaintenance -Connection $connection -WhatIf:$PlanOnly -Confirm:$false -Verbose -ErrorAction Continue
if ($ReportPath -and $reports) {
    $reports | Export-EtcdMaintenanceReport -Path $ReportPath -Force | ForEach-Object { "report: $($_.FullName)" }
}
$reports.Step | ForEach-Object { '{0,-13} {1,-13} {2}' -f $_.Name, $_.Status, $_.Reason }
"$reports"
exit $(if (-not $reports -or $reports.Status -in 'Failed', 'NotAttempted') { 1 } else { 0 })
