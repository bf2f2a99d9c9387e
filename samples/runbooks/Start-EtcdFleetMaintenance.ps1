<#
.SYNOPSIS
Maintains a large list of clusters with several Azure Automation jobs.

.DESCRIPTION
The script starts the runbook Invoke-EtcdNightlyMaintenance once for each shard of the list, and waits until all jobs
have ended. It repeats the output of each job. A job that Azure stopped or suspended was not finished, so the script
starts it again. A job that failed is not started again, because an operator must look at its clusters.

The script changes no cluster itself. You can safely start it again from the beginning.

.PARAMETER ResourceGroupName
The resource group of the Automation account.

.PARAMETER AutomationAccountName
The Automation account.

.PARAMETER ShardCount
The number of jobs. The clusters of one job must be finished within 3 hours.

.PARAMETER MaximumAttempts
How often a shard is started at most, if its job was not finished.

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
    [pscustomobject]@{ Shard = $Shard; Attempt = $Attempt; JobId = $job.JobId }
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
        $job = Get-AzAutomationJob @account -Id $one.JobId
        $status = "$($job.Status)"
        if ($status -notin 'Completed', 'Failed', 'Stopped', 'Suspended') {
            $next += $one
            continue
        }
        Write-JobOutput $one
        if ($status -eq 'Failed') {
            "$($one.Shard): the job failed: $($job.Exception)"
            $failed += $one.Shard
        }
        elseif ($status -ne 'Completed' -and $one.Attempt -lt $MaximumAttempts) {
            "$($one.Shard): the job was not finished ($status). It starts again."
            $next += Start-Shard $one.Shard ($one.Attempt + 1)
        }
        elseif ($status -ne 'Completed') {
            $unfinished += $one.Shard
        }
    }
    $running = $next
}

'{0} shards: {1} well, {2} failed, {3} not finished' -f `
    $ShardCount, ($ShardCount - $failed.Count - $unfinished.Count), $failed.Count, $unfinished.Count
if ($failed -or $unfinished) {
    throw "These shards need attention: $(($failed + $unfinished) -join ', '). Look at the output of their jobs."
}
