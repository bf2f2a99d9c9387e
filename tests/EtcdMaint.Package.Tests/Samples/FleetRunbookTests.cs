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
        function Disable-AzContextAutosave($Scope) { }
        function Connect-AzAccount([switch] $Identity) { }
        function Start-Sleep($Seconds) { }
        function Start-AzAutomationRunbook(
            [string] $ResourceGroupName, [string] $AutomationAccountName, [string] $Name,
            [System.Collections.IDictionary] $Parameters, [string] $RunOn
        ) {
            $call = "START $Name $($Parameters.Shard) $($Parameters.PlanOnly) on '$RunOn'"
            Write-Information $call -InformationAction Continue
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
    public async Task A_job_that_was_stopped_starts_again_and_a_job_that_failed_does_not()
    {
        string output = await RunAsync(
            """
            $ends = @{ '1/3' = 'Stopped', 'Completed'; '2/3' = 'Completed', 'none'; '3/3' = 'Failed', 'none' }
            $starts = @{}
            function Complete-Job($Parameters) {
                $end = $ends[$Parameters.Shard][[int] $starts[$Parameters.Shard]]
                $starts[$Parameters.Shard]++
                $end
                , @("cluster of shard $($Parameters.Shard)", "end $end")
                'the reason'
            }
            """,
            "-ShardCount 3 -RunOn workers"
        );
        Assert.Equal(
            """
            START Invoke-EtcdNightlyMaintenance 1/3 False on 'workers'
            START Invoke-EtcdNightlyMaintenance 2/3 False on 'workers'
            START Invoke-EtcdNightlyMaintenance 3/3 False on 'workers'
            1/3: cluster of shard 1/3
            1/3: end Stopped
            1/3: the job was not finished (Stopped). It starts again.
            START Invoke-EtcdNightlyMaintenance 1/3 False on 'workers'
            2/3: cluster of shard 2/3
            2/3: end Completed
            3/3: cluster of shard 3/3
            3/3: end Failed
            3/3: the job failed: the reason
            1/3: cluster of shard 1/3
            1/3: end Completed
            3 shards: 2 well, 1 failed, 0 not finished
            FAILED These shards need attention: 3/3. Look at the output of their jobs.
            """,
            output.TrimEnd()
        );
    }

    [Fact]
    public async Task A_job_that_is_stopped_again_and_again_is_started_at_most_MaximumAttempts_times()
    {
        string output = await RunAsync(
            "function Complete-Job($Parameters) { 'Suspended'; , @() }",
            "-ShardCount 1 -MaximumAttempts 2 -PlanOnly $true"
        );
        Assert.Equal(
            """
            START Invoke-EtcdNightlyMaintenance 1/1 True on ''
            1/1: the job was not finished (Suspended). It starts again.
            START Invoke-EtcdNightlyMaintenance 1/1 True on ''
            1 shards: 0 well, 0 failed, 1 not finished
            FAILED These shards need attention: 1/1. Look at the output of their jobs.
            """,
            output.TrimEnd()
        );
    }

    [Fact]
    public async Task The_jobs_of_all_shards_report_each_cluster_once()
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
            "-ShardCount 2"
        );
        Assert.Matches(@"(?m)^1/2: edge-2 +Unreachable ", output);
        Assert.Matches(@"(?m)^2/2: edge-1 +Unreachable ", output);
        Assert.Equal(2, output.Split("Unreachable").Length - 1);
        Assert.Contains(
            "1/2: the job failed: 1 of 1 clusters need attention: edge-2. ",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1/2: 1 clusters: 0 well, 0 failed or not attempted, 1 unreachable",
            output,
            StringComparison.Ordinal
        );
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
