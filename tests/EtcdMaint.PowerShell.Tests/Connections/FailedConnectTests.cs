using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>The effect of a failed Connect-TestEtcdCluster on later calls without a connection.</summary>
public sealed class FailedConnectTests : IDisposable
{
    private const string Refused = "Connect-EtcdCluster http://127.0.0.1:1 -ClusterName b -TimeoutSeconds 5";

    private const string Connected = "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName";

    private readonly Shell _shell = new();

    public static TheoryData<string> AllCmdlets =>
        [
            "Get-EtcdMember",
            "Get-EtcdMemberStatus",
            "Get-EtcdAlarm",
            "Test-EtcdHealth",
            "Get-EtcdSpaceUsage",
            "Invoke-EtcdCompaction",
            "Invoke-EtcdDefrag",
            "Clear-EtcdAlarm",
            "Move-EtcdLeader",
            "Invoke-EtcdMaintenance",
            "Save-EtcdSnapshot -Path never.db",
        ];

    [Theory]
    [MemberData(nameof(AllCmdlets))]
    public void A_call_without_a_connection_names_the_failed_attempt(string cmdlet)
    {
        _shell.RunToError(Refused);
        Outcome outcome = _shell.Run(cmdlet);
        Assert.Equal(["NoConnection"], outcome.ErrorIds);
        Assert.Contains("'b' (http://127.0.0.1:1)", outcome.ErrorText, StringComparison.Ordinal);
        Assert.Contains("refuse", outcome.ErrorText, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            "EndpointRefused",
            Assert.IsAssignableFrom<EtcdException>(outcome.Errors[0].Exception.InnerException).ErrorId
        );
    }

    [Theory]
    [InlineData(Refused)]
    [InlineData("Connect-EtcdCluster")]
    [InlineData("Connect-EtcdCluster https://127.0.0.1:1 -CACertificate /no/such/file")]
    [InlineData("Connect-EtcdCluster -SshHost $unset")]
    [InlineData("Connect-EtcdCluster -Context $unset")]
    [InlineData("Connect-EtcdCluster -Kubernetes -Namespace $unset")]
    public void A_failed_attempt_clears_the_previous_default(string failing)
    {
        Run($"{Connected} a");
        Assert.NotEmpty(_shell.Run(failing).ErrorIds);
        Assert.Equal(["NoConnection"], _shell.Run("Get-EtcdMember").ErrorIds);
        Assert.Equal(["NoConnection"], _shell.Run("Invoke-EtcdDefrag").ErrorIds);
    }

    [Fact]
    public void The_next_successful_connection_is_used()
    {
        _shell.RunToError(Refused);
        Run($"{Connected} c");
        Outcome outcome = _shell.Run("Get-EtcdMember -TimeoutSeconds 5 -Verbose");
        Assert.Equal(["EndpointRefused"], outcome.ErrorIds);
        Assert.Contains("Using the default connection, to cluster 'c'.", outcome.Verbose);
    }

    [Fact]
    public void A_connection_that_is_not_the_default_does_not_replace_the_failed_one()
    {
        _shell.RunToError(Refused);
        Run($"{Connected} c -NoDefault");
        Assert.Equal(["NoConnection"], _shell.Run("Get-EtcdMember").ErrorIds);
    }

    [Fact]
    public void A_failed_attempt_with_NoDefault_keeps_the_default()
    {
        Run($"{Connected} a");
        _shell.RunToError($"{Refused} -NoDefault");
        Assert.Contains(
            "Using the default connection, to cluster 'a'.",
            _shell.Run("Get-EtcdMember -TimeoutSeconds 5 -Verbose").Verbose
        );
    }

    [Fact]
    public void After_a_failed_attempt_with_NoDefault_no_other_cluster_is_used_either()
    {
        _shell.RunToError($"{Refused} -NoDefault");
        Assert.Equal(["NoConnection"], _shell.Run("Get-EtcdMember").ErrorIds);
        Assert.Equal(["NoConnection"], _shell.Run("Invoke-EtcdDefrag").ErrorIds);
    }

    [Fact]
    public void With_several_records_the_successful_ones_connect_and_there_is_no_default()
    {
        Outcome fleet = _shell.Run(
            "[pscustomobject]@{ Endpoint = ''; ClusterName = 'x' }, [pscustomobject]@{ Endpoint = ','; "
                + "ClusterName = 'y' }, [pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; ClusterName = 'z' }"
                + " | Connect-EtcdCluster -NoVerify"
        );
        Assert.Equal(["NoEndpoint", "NoEndpointGiven"], fleet.ErrorIds);
        Assert.Equal("z", Assert.Single(fleet.Output).ToString());
        Outcome after = _shell.Run("Get-EtcdMember");
        Assert.Equal(["NoConnection"], after.ErrorIds);
        Assert.Contains("failed for 'x' and for 1 more", after.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_failed_record_no_failure_is_remembered()
    {
        _shell.RunToError(Refused);
        Run(
            "$null = 'a', 'b' | ForEach-Object { [pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; "
                + "ClusterName = $_ } } | Connect-EtcdCluster -NoVerify"
        );
        Assert.DoesNotContain(
            "Connect-EtcdCluster failed",
            _shell.Run("Get-EtcdMember").ErrorText,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_row_that_PowerShell_rejects_counts_as_a_failure()
    {
        _shell.Run(
            "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; CACertificate = @{ a = 1 } }, "
                + "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1' } | Connect-EtcdCluster -NoVerify"
        );
        Assert.Contains(
            "did not connect to every cluster",
            _shell.Run("Get-EtcdMember").ErrorText,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Piped_members_and_connections_are_processed_nevertheless()
    {
        var cluster = new FakeCluster();
        _shell.RunToError(Refused);
        Assert.Empty(
            _shell
                .Run(
                    "$m | Invoke-EtcdDefrag; $c | Get-EtcdMember",
                    ("m", cluster.Members.ToArray()),
                    ("c", cluster.Connection)
                )
                .ErrorText
        );
        Assert.Single(cluster.Defrags);
    }

    [Fact]
    public void Another_runspace_is_not_affected()
    {
        _shell.RunToError(Refused);
        using var other = new Shell();
        Assert.Equal(["NoConnectionChosen"], other.Run("Invoke-EtcdDefrag").ErrorIds);
    }

    [Fact]
    public async Task The_variables_of_etcdctl_do_not_replace_the_cluster_that_failed()
    {
        string script = $"Import-Module '{BuiltModule.Manifest}'; try {{ {Refused} }} catch {{ }}; Invoke-EtcdDefrag";
        Assert.Equal(
            ["ERROR NoConnection,EtcdMaint.Cmdlets.InvokeEtcdDefragCommand"],
            await Probe.RunAsync(script, 1, ("ETCDCTL_ENDPOINTS", "http://127.0.0.1:2"))
        );
    }

    public void Dispose() => _shell.Dispose();

    private void Run(string script) => Assert.Empty(_shell.Run(script).ErrorText);
}
