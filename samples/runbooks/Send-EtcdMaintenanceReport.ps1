<#
.SYNOPSIS
Maintains etcd clusters from a CSV file and sends the HTML report by mail.

.DESCRIPTION
The script connects to all clusters of the file and runs the whole runbook on each of them. It then sends one mail. The
HTML report is the body of the mail and an attachment. The mail is also sent if clusters failed, were not attempted or
could not be reached.

The exit code is 0 after a success, 1 if a cluster failed or the mail could not be sent, 2 if clusters were not finished
and the run can be repeated safely, and 3 if the setup is incorrect. docs/exit-codes.md describes the codes.

.PARAMETER ClusterPath
The CSV file. The columns are ClusterName, Endpoint, and any other parameter of Connect-EtcdCluster that accepts pipeline
input by property name.

.PARAMETER SmtpServer
The mail server.

.PARAMETER Port
The port of the mail server.

.PARAMETER Credential
The login at the mail server. The script requires TLS if you specify it.

.PARAMETER NoTls
Sends the mail without TLS, for a mail server on this machine.

.PARAMETER From
The sender.

.PARAMETER To
The recipients.

.PARAMETER MaximumMinutes
After this time, no cluster starts. No member starts that would not finish by then.

.PARAMETER PlanOnly
Sends what the run would do, and changes nothing.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)] [string] $ClusterPath,
    [Parameter(Mandatory)] [string] $SmtpServer,
    [ValidateRange(1, 65535)] [int] $Port = 587,
    [pscredential] $Credential,
    [switch] $NoTls,
    [Parameter(Mandatory)] [string] $From,
    [Parameter(Mandatory)] [string[]] $To,
    [ValidateRange(1, 1440)] [int] $MaximumMinutes = 150,
    [switch] $PlanOnly
)

# An error in the setup ends the script immediately. An error of a single cluster must not end it.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$notAfter = (Get-Date).AddMinutes($MaximumMinutes)
try {
    if ($NoTls -and $Credential) {
        throw 'A login requires TLS. Omit -NoTls or -Credential.'
    }
    Import-Module EtcdMaint
    $clusters = @(Import-Csv -Path $ClusterPath)
    if (-not $clusters) {
        throw "The file $ClusterPath names no cluster."
    }
}
catch {
    "wrong setup: $_"
    exit 3
}

# Each record of the file gets a report, also if the connection to its cluster failed (Status Unreachable).
$ended = $false
try {
    $reports = @(
        $clusters |
            Connect-EtcdCluster -NoDefault -ErrorAction Continue |
            Invoke-EtcdMaintenance -NotAfter $notAfter -WhatIf:$PlanOnly -Confirm:$false -ErrorAction Continue
    )
    $ended = $true
}
catch {
    "not started: $($_.FullyQualifiedErrorId.Split(',')[0]): $_"
    $_.ErrorDetails.RecommendedAction
    $ended = $true
    exit 3
}
finally {
    # If the script is stopped, the run waits for the current members, and then only this block runs.
    if (-not $ended) {
        $Host.SetShouldExit(2)
    }
    Get-EtcdConnection | Disconnect-EtcdCluster
}
$reports | ForEach-Object { '{0,-24} {1,-13} {2}' -f $_.ClusterName, $_.Status, $_.Reason }

$bad = @($reports | Where-Object ExitCode)
$verdict = if ($bad) {
    "$($bad.Count) of $($reports.Count) clusters need attention: $(($bad.ClusterName | Sort-Object) -join ', ')"
}
else {
    "no cluster of $($reports.Count) needs attention"
}

$folder = Join-Path ([IO.Path]::GetTempPath()) "etcdmaint-$([guid]::NewGuid())"
$page = Join-Path $folder "etcd-maintenance-$(Get-Date -Format yyyy-MM-dd).html"
try {
    New-Item -ItemType Directory -Path $folder | Out-Null
    $reports | Export-EtcdMaintenanceReport -Path $page -WhatIf:$false | Out-Null
    $mail = [Net.Mail.MailMessage]::new()
    $mail.From = $From
    $To | ForEach-Object { $mail.To.Add($_) }
    $mail.Subject = "etcd maintenance: $verdict"
    $mail.Body = Get-Content -Path $page -Raw
    $mail.BodyEncoding = [Text.Encoding]::UTF8
    $mail.IsBodyHtml = $true
    $mail.Attachments.Add([Net.Mail.Attachment]::new($page, 'text/html'))
    $smtp = [Net.Mail.SmtpClient]::new($SmtpServer, $Port)
    $smtp.EnableSsl = -not $NoTls
    if ($Credential) {
        $smtp.Credentials = $Credential.GetNetworkCredential()
    }
    $smtp.Send($mail)
}
catch {
    "no mail: $_"
    exit 1
}
finally {
    if ($smtp) { $smtp.Dispose() }
    if ($mail) { $mail.Dispose() }
    Remove-Item -LiteralPath $folder -Recurse -ErrorAction Ignore
}
$verdict
# A run without a report has failed. Of several reports, code 1 takes precedence over code 2.
exit $(if ($reports) { (@($reports.ExitCode) -ne 0 | Measure-Object -Minimum).Minimum } else { 1 })
