<#
.SYNOPSIS
Receives alerts from Alertmanager, and makes a maintenance plan for each cluster that raised one.

.DESCRIPTION
The script changes no cluster. It writes a plan and a page to a folder, for an operator who looks at the page and runs
the plan with Invoke-EtcdMaintenance -Plan. It plans only clusters of the list, and each only once in a while.

.PARAMETER ClusterPath
The CSV file with all clusters, as for maintain-fleet.ps1. The label cluster of an alert is a ClusterName in it.

.PARAMETER PlanFolder
The existing folder for the plans.

.PARAMETER TokenPath
The file with the token that Alertmanager sends (http_config, authorization, credentials_file).

.PARAMETER Prefix
The URL to listen at, as HttpListener defines it. Put a proxy with TLS in front of it, and do not publish it.

.PARAMETER CertificateFolder
The folder with ca.crt, tls.crt and tls.key.

.PARAMETER MinimumMinutes
The time after a plan in which the same cluster gets no other plan.

.PARAMETER MaximumRequests
The number of requests after which the script ends; 0 for no end.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)] [string] $ClusterPath,
    [Parameter(Mandatory)] [string] $PlanFolder,
    [Parameter(Mandatory)] [string] $TokenPath,
    [string] $Prefix = 'http://127.0.0.1:9099/',
    [string] $CertificateFolder,
    [ValidateRange(0, 10080)] [int] $MinimumMinutes = 60,
    [ValidateRange(0, 1000000)] [int] $MaximumRequests = 0
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$largestBody = 1MB
$planned = @{}
try {
    Import-Module EtcdMaint
    $token = (Get-Content -LiteralPath $TokenPath -Raw).Trim()
    $clusters = @(Import-Csv -LiteralPath $ClusterPath)
    if (-not $token) {
        throw "The file $TokenPath is empty."
    }
    if (-not (Test-Path -LiteralPath $PlanFolder -PathType Container)) {
        throw "The folder $PlanFolder does not exist."
    }
    $connect = @{ NoDefault = $true }
    if ($CertificateFolder) {
        $connect.CACertificate = Join-Path $CertificateFolder 'ca.crt'
        $connect.ClientCertificate = Join-Path $CertificateFolder 'tls.crt'
        $connect.ClientKey = Join-Path $CertificateFolder 'tls.key'
    }
    $listener = [System.Net.HttpListener]::new()
    $listener.Prefixes.Add($Prefix)
    $listener.Start()
}
catch {
    "wrong setup: $_"
    exit 3
}

function Test-Token($Request) {
    $sent = [System.Text.Encoding]::UTF8.GetBytes([string] $Request.Headers['Authorization'])
    $expected = [System.Text.Encoding]::UTF8.GetBytes("Bearer $token")
    [System.Security.Cryptography.CryptographicOperations]::FixedTimeEquals($sent, $expected)
}

function Get-Body($Request) {
    if ($Request.ContentLength64 -lt 0 -or $Request.ContentLength64 -gt $largestBody) {
        throw 'The length of the body is unknown or larger than 1 MB.'
    }
    [System.IO.StreamReader]::new($Request.InputStream).ReadToEnd() | ConvertFrom-Json
}

# The labels of an alert come from outside. They only select a row of the list.
function Select-Cluster($Message) {
    $firing = $Message.alerts | Where-Object status -eq 'firing'
    $names = @($firing | ForEach-Object { $_.labels.cluster } | Select-Object -Unique)
    foreach ($row in $clusters | Where-Object ClusterName -in $names) {
        $last = $planned[$row.ClusterName]
        if (-not $last -or $last.AddMinutes($MinimumMinutes) -le [datetime]::UtcNow) {
            $planned[$row.ClusterName] = [datetime]::UtcNow
            $row
        }
    }
}

function New-Plan($Row) {
    $connection = $null
    try {
        $connection = $Row | Connect-EtcdCluster @connect
        # The name cannot leave the folder, and the file is not hidden.
        $name = $Row.ClusterName -replace '[^\w.-]|^\.', '_'
        $file = '{0}-{1:yyyyMMdd-HHmmss}' -f $name, [datetime]::UtcNow
        $path = Join-Path $PlanFolder $file
        $plan = $connection | New-EtcdMaintenancePlan -Path "$path.json", "$path.html" -ErrorAction Continue
        "$($Row.ClusterName): $($plan.Cluster[0].Status): $($plan.Cluster[0].Reason): $path.html"
    }
    catch {
        # The next alert tries again.
        $planned.Remove($Row.ClusterName)
        "$($Row.ClusterName): no plan: $($_.FullyQualifiedErrorId.Split(',')[0]): $_"
    }
    finally {
        $connection | Disconnect-EtcdCluster
    }
}

"listening at $Prefix"
try {
    for ($number = 1; -not $MaximumRequests -or $number -le $MaximumRequests; $number++) {
        # The wait ends every second, so that Ctrl+C works.
        $wait = $listener.GetContextAsync()
        while (-not $wait.Wait(1000)) { }
        $context = $wait.Result
        $rows = @()
        try {
            if (-not (Test-Token $context.Request)) {
                $context.Response.StatusCode = 401
            }
            elseif ($context.Request.HttpMethod -ne 'POST') {
                $context.Response.StatusCode = 405
            }
            else {
                $rows = @(Select-Cluster (Get-Body $context.Request))
            }
        }
        catch {
            $context.Response.StatusCode = 400
        }
        # Alertmanager waits for the response, and a plan can take longer than its time limit.
        $context.Response.Close()
        $rows | ForEach-Object { New-Plan $_ }
    }
}
finally {
    $listener.Close()
}
