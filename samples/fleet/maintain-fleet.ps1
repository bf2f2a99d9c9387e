<#
.SYNOPSIS
Maintains one shard of a list of clusters, and continues after an interruption.

.DESCRIPTION
A Kubernetes Indexed Job, a matrix of GitHub Actions or an Argo Workflow starts this script once for each shard. The
output contains one line for each cluster. docs/exit-codes.md describes the exit codes.

.PARAMETER ClusterPath
The CSV file with all clusters. The columns are ClusterName, Endpoint, Ring, and any other parameter of
Connect-EtcdCluster that accepts pipeline input by property name.

.PARAMETER Shard
The shard of this process, such as 3/20. Default: all clusters.

.PARAMETER ShardCount
The number of shards, if JOB_COMPLETION_INDEX contains the index of this process, from 0. Kubernetes sets this variable
in the pods of an Indexed Job.

.PARAMETER StateFolder
The folder of the journal. If it does not exist, it is created. It must be the same folder when an engine starts the
shard again, and the files in it belong to one maintenance. Without it, a new attempt checks each cluster again, which
is safe too.

.PARAMETER CertificateFolder
The folder with ca.crt, tls.crt and tls.key, as a secret of type kubernetes.io/tls is mounted.

.PARAMETER PlanPath
The approved plan of New-EtcdMaintenancePlan. Only its steps are taken. A cluster that the plan does not fit is
NotAttempted (code 2). A new attempt with the same plan is safe, but it changes nothing for this cluster.

.PARAMETER HistoryPath
The file or folder to which the sizes of the run are appended, for Get-EtcdForecast.

.PARAMETER MetricPath
The file for the textfile collector of the Prometheus node exporter.

.PARAMETER MaximumMinutes
After this time, no cluster starts, and no member starts that would not finish by then.

.PARAMETER FailureLimit
After this number of runs have failed that had begun to change their cluster, no other cluster starts.

.PARAMETER ThrottleLimit
The number of clusters to maintain at the same time.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)] [string] $ClusterPath,
    [string] $Shard,
    [ValidateRange(1, 100000)] [int] $ShardCount,
    [string] $StateFolder,
    [string] $CertificateFolder,
    [string] $PlanPath,
    [string] $HistoryPath,
    [string] $MetricPath,
    [ValidateRange(1, 1440)] [int] $MaximumMinutes = 90,
    [ValidateRange(1, 10000)] [int] $FailureLimit = 1,
    [ValidateRange(1, 1024)] [int] $ThrottleLimit = 4
)

$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$wrongSetup = 3
$connect = @{ NoDefault = $true }
$maintain = @{
    NotAfter      = (Get-Date).AddMinutes($MaximumMinutes)
    FailureLimit  = $FailureLimit
    ThrottleLimit = $ThrottleLimit
    Confirm       = $false
}
try {
    Import-Module EtcdMaint -ErrorAction Stop
    if ($ShardCount) {
        if ($env:JOB_COMPLETION_INDEX -notmatch '^\d+$') {
            throw 'JOB_COMPLETION_INDEX is not set. Specify -Shard instead of -ShardCount.'
        }
        $Shard = '{0}/{1}' -f ([int] $env:JOB_COMPLETION_INDEX + 1), $ShardCount
    }
    if ($Shard) {
        $connect.Shard = $Shard
    }
    if ($CertificateFolder) {
        $connect.CACertificate = Join-Path $CertificateFolder 'ca.crt'
        $connect.ClientCertificate = Join-Path $CertificateFolder 'tls.crt'
        $connect.ClientKey = Join-Path $CertificateFolder 'tls.key'
    }
    if ($StateFolder) {
        $file = $Shard ? "shard-$($Shard.Replace('/', '-of-')).jsonl" : 'all.jsonl'
        New-Item -ItemType Directory -Path $StateFolder -Force -ErrorAction Stop | Out-Null
        $maintain.ResumePath = Join-Path $StateFolder $file
    }
    if ($PlanPath) {
        $maintain.Plan = $PlanPath
    }
    if ($HistoryPath) {
        $maintain.HistoryPath = $HistoryPath
    }
    $clusters = @(Import-Csv -LiteralPath $ClusterPath -ErrorAction Stop)
    if (-not $clusters -or ($clusters | Where-Object { [string]::IsNullOrWhiteSpace($_.ClusterName) })) {
        throw "The file $ClusterPath needs at least one row, and a ClusterName in each row."
    }
}
catch {
    "wrong setup: $_"
    exit $wrongSetup
}

# An error of one cluster must not end the others. An engine that stops the process gets code 2: the journal contains
# the clusters that have ended, and the next attempt maintains the others.
$ended = $false
try {
    $clusters |
        Connect-EtcdCluster @connect -ErrorAction Continue |
        Invoke-EtcdMaintenance @maintain -ErrorAction Continue -OutVariable reports |
        ForEach-Object { '{0,-24} {1,-13} {2}' -f $_.ClusterName, $_.Status, $_.Reason }
    $ended = $true
}
catch {
    "not started: $($_.FullyQualifiedErrorId.Split(',')[0]): $_"
    $_.ErrorDetails.RecommendedAction
    $ended = $true
    exit $($_.CategoryInfo.Category -eq 'ResourceBusy' ? 2 : $wrongSetup)
}
finally {
    if (-not $ended) {
        $Host.SetShouldExit(2)
    }
}
if ($MetricPath -and $reports) {
    $reports | Export-EtcdMetric -Path $MetricPath -ErrorAction Continue | ForEach-Object { "metrics: $($_.FullName)" }
}
'shard {0}, clusters: {1}; {2}' -f ($Shard ? $Shard : '1/1'), $reports.Count,
    (($reports | Group-Object Status | ForEach-Object { "$($_.Count) $($_.Name)" }) -join ', ')
# A shard without clusters is a success. Of several reports, code 1 takes precedence over code 2.
exit (@($reports.ExitCode) -ne 0 | Measure-Object -Minimum).Minimum
