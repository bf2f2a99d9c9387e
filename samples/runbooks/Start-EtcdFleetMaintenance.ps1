<#
.SYNOPSIS
Maintains a large list of clusters with several Azure Automation jobs.

.DESCRIPTION
The script starts the runbook Invoke-EtcdNightlyMaintenance once for each shard of the list, and waits until all jobs
have ended. It repeats the output of each job. If Azure stopped or suspended a job, or the job reports code 2 of
docs/exit-codes.md, the shard was not finished, and the script starts a new job for it after a pause. A job that failed
otherwise is not started again, because an operator must look at its clusters or its setup.

The script changes no cluster itself. You can safely start it again from the beginning.

.PARAMETER ResourceGroupName
The resource group of the Automation account.

.PARAMETER AutomationAccountName
The Automation account.

.PARAMETER ShardCount
The number of jobs. The clusters of one job must be finished within 3 hours.

.PARAMETER MaximumAttempts
How often a shard is started at most, if its job was not finished.

.PARAMETER RetryMinutes
The pause before a new job of a shard that was not finished. Within some minutes, the locks of a stopped job expire.

.PARAMETER RunOn
The Hybrid Runbook Worker group for the jobs. Default: the sandboxes of Azure.

.PARAMETER PollSeconds
The time between two checks of the jobs.

.PARAMETER PlanOnly
Shows what the jobs would do, and changes nothing.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)] [string] $ResourceGroupName,
    [Parameter(Mandatory)] [string] $AutomationAccountName,
    [ValidateRange(1, 200)] [int] $ShardCount = 5,
    [ValidateRange(1, 10)] [int] $MaximumAttempts = 3,
    [ValidateRange(0, 120)] [int] $RetryMinutes = 5,
    [string] $RunOn,
    [ValidateRange(1, 600)] [int] $PollSeconds = 30,
    [bool] $PlanOnly = $false
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$account = @{
    ResourceGroupName     = $ResourceGroupName
    AutomationAccountName = $AutomationAccountName
}
$start = @{ Name = 'Invoke-EtcdNightlyMaintenance' }
if ($RunOn) {
    $start.RunOn = $RunOn
}
Disable-AzContextAutosave -Scope Process | Out-Null
Connect-AzAccount -Identity | Out-Null

function Start-Shard($Shard, $Attempt) {
    $job = Start-AzAutomationRunbook @account @start -Parameters @{ Shard = $Shard; PlanOnly = $PlanOnly }
    [pscustomobject]@{ Shard = $Shard; Attempt = $Attempt; JobId = $job.JobId; RetryAt = $null }
}

# The list of the output contains only the beginning of each line.
function Write-JobOutput($Running) {
    Get-AzAutomationJobOutput @account -Id $Running.JobId -Stream Output |
        ForEach-Object { Get-AzAutomationJobOutputRecord @account -JobId $Running.JobId -Id $_.StreamRecordId } |
        ForEach-Object { "$($Running.Shard): $($_.Value['value'] ?? $_.Summary)" }
}

$running = @(1..$ShardCount | ForEach-Object { Start-Shard "$_/$ShardCount" 1 })
$failed = @()
$unfinished = @()
while ($running) {
    Start-Sleep -Seconds $PollSeconds
    $next = @()
    foreach ($one in $running) {
        if ($one.RetryAt) {
            $next += $one.RetryAt -gt (Get-Date) ? $one : (Start-Shard $one.Shard ($one.Attempt + 1))
            continue
        }
        $job = Get-AzAutomationJob @account -Id $one.JobId
        $status = "$($job.Status)"
        if ($status -notin 'Completed', 'Failed', 'Stopped', 'Suspended') {
            $next += $one
            continue
        }
        $output = @(Write-JobOutput $one)
        $output
        if ($status -eq 'Completed') {
            continue
        }
        if ($status -eq 'Failed' -and $output -cnotcontains "$($one.Shard): code 2 of docs/exit-codes.md") {
            "$($one.Shard): the job failed: $($job.Exception)"
            $failed += $one.Shard
            continue
        }
        "$($one.Shard): the job was not finished: $($status -eq 'Failed' ? $job.Exception : $status)"
        if ($one.Attempt -lt $MaximumAttempts) {
            "$($one.Shard): a new job starts after a pause"
            $one.RetryAt = (Get-Date).AddMinutes($RetryMinutes)
            $next += $one
        }
        else {
            $unfinished += $one.Shard
        }
    }
    $running = $next
}

'shards: {0}, failed: {1}, not finished: {2}' -f $ShardCount, $failed.Count, $unfinished.Count
if ($failed -or $unfinished) {
    throw "These shards need attention: $(($failed + $unfinished) -join ', '). Look at the output of their jobs."
}
