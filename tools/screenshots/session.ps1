# The session that the screenshot of the terminal shows. connect.ps1 imports the module and connects to the cluster.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'Ansi'
. ./connect.ps1 > $null

function Show([string] $Command) {
    "$($PSStyle.Foreground.BrightGreen)PS>$($PSStyle.Reset) $Command"
    Invoke-Expression $Command | Out-Default
}

. Show 'Get-EtcdMemberStatus'
. Show 'Invoke-EtcdMaintenance -Confirm:$false -OutVariable report'
. Show 'Get-EtcdMemberStatus'
$report | Export-EtcdMaintenanceReport -Path ./report.html -Force > $null
