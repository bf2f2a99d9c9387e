namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>An unreachable cluster is a non-terminating error, even if it is the only cluster.</summary>
public sealed class DeadConnectionTests : IDisposable
{
    private const string Dead = "$dead = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName dead; ";

    private readonly Shell _shell = new();

    public static TheoryData<string> AllCmdlets =>
        [
            "Get-EtcdMember",
            "Get-EtcdMember -MemberName m1",
            "Get-EtcdMemberStatus",
            "Get-EtcdMemberStatus -MemberName m1",
            "Get-EtcdAlarm",
            "Invoke-EtcdCompaction",
            "Invoke-EtcdDefrag",
            "Clear-EtcdAlarm",
            "Move-EtcdLeader",
            "Invoke-EtcdMaintenance",
            "Save-EtcdSnapshot -Path .",
        ];

    [Theory]
    [MemberData(nameof(AllCmdlets))]
    public void The_cmdlet_continues_and_the_error_can_be_ignored_or_made_terminating(string cmdlet)
    {
        foreach (
            string call in (string[])[$"{cmdlet} -TimeoutSeconds 5", $"{cmdlet} -TimeoutSeconds 5 -Connection $dead"]
        )
        {
            Outcome shown = Try(call);
            Assert.Equal("after", shown.Output[^1]);
            Assert.NotEmpty(shown.ErrorIds);

            foreach (string action in (string[])["Ignore", "SilentlyContinue"])
            {
                Outcome ignored = Try($"{call} -ErrorAction {action}");
                Assert.Equal("after", ignored.Output[^1]);
                Assert.Empty(ignored.ErrorText);
            }
            Assert.Equal("caught", Try($"{call} -ErrorAction Stop").Output[^1]);
        }
    }

    [Theory]
    [InlineData("Get-EtcdMember")]
    [InlineData("Get-EtcdMemberStatus")]
    [InlineData("Test-EtcdHealth")]
    [InlineData("Get-EtcdSpaceUsage")]
    public void The_same_applies_to_a_closed_connection(string call)
    {
        Outcome outcome = _shell.Run(
            $"{Dead} $null = $dead | Disconnect-EtcdCluster -ErrorAction Ignore; try {{ {call} -Connection "
                + "$dead -ErrorAction Ignore; 'after' } catch { 'caught' }"
        );
        Assert.Equal("after", outcome.Output[^1]);
        Assert.Empty(outcome.ErrorText);
    }

    [Theory]
    [InlineData("Get-EtcdMember")]
    [InlineData("Test-EtcdHealth")]
    [InlineData("Invoke-EtcdDefrag")]
    public async Task The_same_applies_to_the_cluster_of_the_environment_variables(string cmdlet)
    {
        string script =
            $"Import-Module '{BuiltModule.Manifest}'; try {{ {cmdlet} -TimeoutSeconds 5 -ErrorAction "
            + "Ignore; 'after' } catch { 'caught' }";
        Assert.Equal("after", (await Probe.RunAsync(script, 1, ("ETCDCTL_ENDPOINTS", "http://127.0.0.1:1")))[^1]);
    }

    [Fact]
    public void An_invalid_argument_ends_the_cmdlet_with_any_error_preference()
    {
        Assert.Equal("caught", Try("Invoke-EtcdCompaction -Revision -1 -ErrorAction Ignore").Output[^1]);
        Assert.Equal(
            "caught",
            _shell
                .Run("try { Get-EtcdMember -MemberName $null -ErrorAction Ignore; 'after' } catch { 'caught' }")
                .Output[^1]
        );
    }

    [Fact]
    public void A_failed_connect_to_one_cluster_is_terminating_because_later_commands_depend_on_it() =>
        Assert.Equal(
            "caught",
            _shell
                .Run(
                    "try { Connect-EtcdCluster http://127.0.0.1:1 -TimeoutSeconds 5 -ErrorAction Ignore; "
                        + "'after' } catch { 'caught' }"
                )
                .Output[^1]
        );

    public void Dispose() => _shell.Dispose();

    private Outcome Try(string call) => _shell.Run($"{Dead} try {{ {call}; 'after' }} catch {{ 'caught' }}");
}
