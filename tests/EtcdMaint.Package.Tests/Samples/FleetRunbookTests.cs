using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>
/// The parent runbook for Azure Automation. Functions of the test simulate the cmdlets of the account, with the types
/// of their objects: the full text of an output record is in a hashtable, its summary is cut.
/// </summary>
public sealed class FleetRunbookTests
{
    private const string Account = """
        $jobs = @{}
        $clock = [pscustomobject]@{ Now = [datetime]::Now; Minutes = 0 }
        function Get-Date { $clock.Now }
        function Start-Sleep($Seconds) {
            $clock.Now = $clock.Now.AddSeconds($Seconds)
            $clock.Minutes += $Seconds / 60
        }
        function Disable-AzContextAutosave($Scope) { }
        function Connect-AzAccount([switch] $Identity) { }
        function Start-AzAutomationRunbook(
            [string] $ResourceGroupName, [string] $AutomationAccountName, [string] $Name,
            [System.Collections.IDictionary] $Parameters, [string] $RunOn
        ) {
            $call = "START $Name $($Parameters.Shard) $($Parameters.PlanOnly) on '$RunOn'"
            Write-Information "$call at minute $($clock.Minutes)" -InformationAction Continue
            $job = [pscustomobject]@{ JobId = [guid]::NewGuid(); Status = 'Running'; Output = @(); Exception = '' }
            $job.Status, $job.Output, $job.Exception = Complete-Job $Parameters
            $jobs[$job.JobId] = $job
            $job | Select-Object JobId, @{ Name = 'Status'; Expression = { 'New' } }
        }
        function Get-AzAutomationJob([string] $ResourceGroupName, [string] $AutomationAccountName, [guid] $Id) {
            $jobs[$Id] | Select-Object JobId, Status, Exception
        }
        function Get-AzAutomationJobOutput(
            [string] $ResourceGroupName, [string] $AutomationAccountName, [guid] $Id, [string] $Stream
        ) {
            for ($number = 0; $number -lt $jobs[$Id].Output.Count; $number++) {
                [pscustomobject]@{ StreamRecordId = "$number"; Summary = 'cut...' }
            }
        }
        function Get-AzAutomationJobOutputRecord(
            [string] $ResourceGroupName, [string] $AutomationAccountName, [guid] $JobId, [string] $Id
        ) {
            $value = [System.Collections.Hashtable]::new()
            $value.Add('value', $jobs[$JobId].Output[[int] $Id])
            [pscustomobject]@{ StreamRecordId = $Id; Summary = 'cut...'; Value = $value }
        }

        """;

    [Fact]
    public async Task A_job_that_was_not_finished_is_repeated_after_a_pause_and_a_job_that_failed_is_not()
    {
        string output = await RunAsync(
            """
            $ends = @{
                '1/4' = 'Stopped', 'Completed'
                '2/4' = @('Completed')
                '3/4' = @('Failed 1')
                '4/4' = 'Failed 2', 'Completed'
            }
            $starts = @{}
            function Complete-Job($Parameters) {
                $end, $code = -split $ends[$Parameters.Shard][[int] $starts[$Parameters.Shard]]
                $starts[$Parameters.Shard]++
                $end
                , @("$end cluster"; if ($code) { "code $code of docs/exit-codes.md" })
                'the reason'
            }
            """,
            "-ShardCount 4 -RunOn workers"
        );
        Assert.Equal(
            """
            START Invoke-EtcdNightlyMaintenance 1/4 False on 'workers' at minute 0
            START Invoke-EtcdNightlyMaintenance 2/4 False on 'workers' at minute 0
            START Invoke-EtcdNightlyMaintenance 3/4 False on 'workers' at minute 0
            START Invoke-EtcdNightlyMaintenance 4/4 False on 'workers' at minute 0
            1/4: Stopped cluster
            1/4: the job was not finished: Stopped
            1/4: a new job starts after a pause
            2/4: Completed cluster
            3/4: Failed cluster
            3/4: code 1 of docs/exit-codes.md
            3/4: the job failed: the reason
            4/4: Failed cluster
            4/4: code 2 of docs/exit-codes.md
            4/4: the job was not finished: the reason
            4/4: a new job starts after a pause
            START Invoke-EtcdNightlyMaintenance 1/4 False on 'workers' at minute 5.5
            START Invoke-EtcdNightlyMaintenance 4/4 False on 'workers' at minute 5.5
            1/4: Completed cluster
            4/4: Completed cluster
            shards: 4, failed: 1, not finished: 0
            FAILED These shards need attention: 3/4. Look at the output of their jobs.
            """,
            output.TrimEnd()
        );
    }

    [Fact]
    public async Task A_job_that_is_stopped_again_and_again_is_started_at_most_MaximumAttempts_times()
    {
        string output = await RunAsync(
            "function Complete-Job($Parameters) { 'Suspended'; , @() }",
            "-ShardCount 1 -MaximumAttempts 2 -RetryMinutes 1 -PlanOnly $true"
        );
        Assert.Equal(
            """
            START Invoke-EtcdNightlyMaintenance 1/1 True on '' at minute 0
            1/1: the job was not finished: Suspended
            1/1: a new job starts after a pause
            START Invoke-EtcdNightlyMaintenance 1/1 True on '' at minute 1.5
            1/1: the job was not finished: Suspended
            shards: 1, failed: 0, not finished: 1
            FAILED These shards need attention: 1/1. Look at the output of their jobs.
            """,
            output.TrimEnd()
        );
    }

    [Fact]
    public async Task Each_shard_reports_its_own_clusters_and_is_repeated_if_they_could_not_be_reached()
    {
        string output = await RunAsync(
            $$"""
            function Get-AutomationVariable($Name) {
                $rows = 'ClusterName,Endpoint', 'edge-1,http://127.0.0.1:1', 'edge-2,http://127.0.0.1:2'
                if ($Name -eq 'EtcdClusters') { $rows -join "`n" } else { '' }
            }
            function Get-AutomationCertificate($Name) { '' }
            function Complete-Job($Parameters) {
                $lines = @()
                $end = 'Completed'
                try {
                    & '{{Repository.File("samples/runbooks/Invoke-EtcdNightlyMaintenance.ps1")}}' @Parameters 2>$null |
                        ForEach-Object { $lines += $_ }
                }
                catch {
                    $end = 'Failed'
                    $exception = "$_"
                }
                $end
                , $lines
                $exception
            }
            """,
            "-ShardCount 2 -MaximumAttempts 2"
        );
        // Once for each attempt.
        Assert.Equal(2, Regex.Count(output, @"(?m)^1/2: edge-2 +Unreachable "));
        Assert.Equal(2, Regex.Count(output, @"(?m)^2/2: edge-1 +Unreachable "));
        Assert.Equal(4, Regex.Count(output, "Unreachable"));
        Assert.Contains(
            "1/2: the job was not finished: These clusters need attention: edge-2. ",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("1/2: clusters: 1, failed: 0, not finished: 1", output, StringComparison.Ordinal);
        Assert.Contains("shards: 2, failed: 0, not finished: 2", output, StringComparison.Ordinal);
        Assert.EndsWith(
            "FAILED These shards need attention: 1/2, 2/2. Look at the output of their jobs.",
            output.TrimEnd(),
            StringComparison.Ordinal
        );
    }

    private static async Task<string> RunAsync(string account, string parameters)
    {
        string runbook = Repository.File("samples/runbooks/Start-EtcdFleetMaintenance.ps1");
        ShellResult result = await Pwsh.RunAsync(
            $"{Account}{account}\n"
                + $"try {{ & '{runbook}' -ResourceGroupName group -AutomationAccountName account {parameters} }} "
                + "catch { \"FAILED $_\" }",
            FleetFolder.Variables()
        );
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output + result.Error);
        return result.Output;
    }
}
