using System.Reflection;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Parameters;

/// <summary>An unset variable as the value of a parameter never has the effect of omitting the parameter.</summary>
public sealed class EmptyParameterTests : IDisposable
{
    /// <summary>Parameters that determine how an operation runs, with which data, or how long it may take.</summary>
    private static readonly HashSet<string> NotNarrowing =
    [
        // Input: without it, nothing is done.
        "Connection",
        "InputObject",
        "Member",
        // These allow more, not less.
        "Override",
        "Force",
        "ContinueOnError",
        "RetryFailed",
        "NoClusterLock",
        "ReadCertificateFromPod",
        "SkipCertificateCheck",
        // Null is a value: any number of leases.
        "MaximumLeaseLost",
        // PowerShell rejects an empty value itself, or a switch without a value counts as given.
        "Path",
        "LiteralPath",
        "SnapshotPath",
        "HistoryPath",
        "HorizonDays",
        "To",
        "MaximumSnapshotAge",
        "Checked",
        "Format",
        "ThrottleLimit",
        "PushgatewayUri",
        "Job",
        "Continuous",
        "IntervalSeconds",
        "MaximumBytesPerSecond",
        "TimeoutSeconds",
        "KeepLeader",
        "RequireLeaderMove",
        "RequireLock",
        "Prove",
        "Quiet",
        "CountOnly",
        "Exact",
        "Kubernetes",
        "NoDefault",
        "NoDiscovery",
        "NoVerify",
        // How to reach the cluster that the other parameters specify.
        "Access",
        "ContainerRuntime",
        "EtcdctlPath",
        "RemoteCACertificatePath",
        "RemoteClientCertificatePath",
        "RemoteClientKeyPath",
        "CACertificate",
        "ClientCertificate",
        "ClientKey",
        "ClientKeyPassword",
        "Credential",
        "ServerName",
        "QuotaBytes",
    ];

    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    public static TheoryData<string, string> Narrowing
    {
        get
        {
            (string Cmdlet, string[] Parameters)[] all =
            [
                ("Get-EtcdMember -Connection $c", ["MemberName", "Name", "MemberId"]),
                ("Get-EtcdMemberStatus -Connection $c", ["MemberName", "MemberId"]),
                ("Get-EtcdAlarm -Connection $c", ["MemberName", "MemberId"]),
                ("Clear-EtcdAlarm -Connection $c", ["MemberName", "MemberId", "AlarmType", "MaximumQuotaUsedRatio"]),
                ("Get-EtcdSpaceUsage -Connection $c", ["Prefix", "Depth", "SampleSeconds"]),
                ("Move-EtcdLeader -Connection $c", ["MemberName", "MemberId"]),
                ("Invoke-EtcdCompaction -Connection $c", ["MemberName", "MemberId", "Revision", "KeepRevisions"]),
                ("$m | Invoke-EtcdCompaction", ["Revision", "KeepRevisions"]),
                (
                    "Invoke-EtcdDefrag -Connection $c",
                    [
                        "MemberName",
                        "MemberId",
                        "When",
                        "MinimumFragmentationRatio",
                        "MinimumFreeBytes",
                        "MaximumStallSeconds",
                        "NotAfter",
                        "StopWaitSeconds",
                    ]
                ),
                ("$m | Invoke-EtcdDefrag", ["When", "MinimumFragmentationRatio", "MinimumFreeBytes", "NotAfter"]),
                (
                    "Invoke-EtcdMaintenance -Connection $c",
                    [
                        "KeepRevisions",
                        "When",
                        "MinimumFragmentationRatio",
                        "MinimumFreeBytes",
                        "MaximumQuotaUsedRatio",
                        "MaximumStallSeconds",
                        "NotAfter",
                        "FailureLimit",
                        "StopWaitSeconds",
                    ]
                ),
                ("Get-EtcdConnection", ["ClusterName"]),
                ("Connect-EtcdCluster http://127.0.0.1:1 -NoVerify", ["DiscoverySrv"]),
                (
                    "Connect-EtcdCluster -KubeConfig /no/such/file",
                    ["Namespace", "PodName", "LabelSelector", "Container", "ClientPort"]
                ),
                ("Connect-EtcdCluster -NoVerify", ["SshHost"]),
                ("Connect-EtcdCluster -SshHost a -NoVerify", ["ClientUrl", "Container"]),
            ];
            var data = new TheoryData<string, string>();
            foreach ((string cmdlet, string[] parameters) in all)
            {
                foreach (string parameter in parameters)
                    data.Add(cmdlet, parameter);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Narrowing))]
    public void A_narrowing_parameter_without_a_value_is_an_error_and_nothing_is_sent(string cmdlet, string parameter)
    {
        foreach (string empty in (string[])["$unset", "''", "' '"])
        {
            Outcome outcome = _shell.Run(
                $"{cmdlet} -{parameter} {empty}",
                ("c", _cluster.Connection),
                ("m", _cluster.Members.ToArray())
            );
            Assert.Equal(["ParameterEmpty"], outcome.ErrorIds);
            Assert.Equal(parameter is "Name" ? "MemberName" : parameter, outcome.Errors[0].TargetObject);
            Assert.Empty(outcome.Output);
        }
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("Get-EtcdMember -Connection $c -MemberName @()")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberId @('', $unset)")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberName @() -MemberId 8e12")]
    public void A_list_of_empty_values_counts_as_empty(string call)
    {
        Assert.Equal("ParameterEmpty", _shell.RunToError(call, ("c", _cluster.Connection)));
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void The_whole_pipeline_ends_before_its_first_step()
    {
        Assert.Equal(
            "ParameterEmpty",
            _shell.RunToError(
                "$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag -When $unset",
                ("m", _cluster.Members.ToArray())
            )
        );
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("Connect-EtcdCluster -Endpoint $unset", "NoEndpoint")]
    [InlineData("Connect-EtcdCluster -EtcdctlPath etcdctl -Endpoint $unset", "NoEndpoint")]
    [InlineData("Connect-EtcdCluster -Kubernetes -Context $unset", "NoContextGiven")]
    [InlineData("Connect-EtcdCluster -Kubernetes -Context ''", "NoContextGiven")]
    [InlineData("Connect-EtcdCluster -Context prod -KubeConfig $unset", "NoContextGiven")]
    public void Parameters_that_specify_the_cluster_have_their_own_errors(string call, string errorId) =>
        Assert.Equal(errorId, _shell.RunToError(call));

    [Fact]
    public void Zero_counts_as_a_value()
    {
        Assert.Empty(
            _shell
                .Run(
                    "Invoke-EtcdDefrag -Connection $c -MinimumFreeBytes 0 -MaximumStallSeconds 0 -StopWaitSeconds 0",
                    ("c", _cluster.Connection)
                )
                .ErrorText
        );
        Assert.Equal(
            (0L, TimeSpan.Zero, TimeSpan.Zero),
            (_cluster.Defrags[0].MinimumFreeBytes, _cluster.Defrags[0].MaximumStall, _cluster.Defrags[0].StopTimeout)
        );
    }

    [Theory]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MaximumStallSeconds -1")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MaximumLeaseLost -1")]
    [InlineData("Invoke-EtcdMaintenance -Connection $c -MaximumLeaseLost -1")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MinimumFragmentationRatio ([double]::NaN)")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -StopWaitSeconds 86401")]
    [InlineData("Invoke-EtcdMaintenance -Connection $c -FailureLimit 0")]
    [InlineData("Invoke-EtcdMaintenance -Connection $c -KeepRevisions -1")]
    public void A_value_out_of_range_is_rejected_by_PowerShell(string call)
    {
        Assert.Equal("ParameterArgumentValidationError", _shell.RunToError(call, ("c", _cluster.Connection)));
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void Every_parameter_of_every_cmdlet_is_narrowing_or_listed_as_an_exception()
    {
        Assembly cmdlets = _shell
            .Run("(Get-Command Invoke-EtcdDefrag).ImplementingType.Assembly")
            .Output.Cast<Assembly>()
            .Single();
        string[] undecided =
        [
            .. cmdlets
                .GetExportedTypes()
                .Where(type => type.Name.EndsWith("Command", StringComparison.Ordinal) && !type.IsAbstract)
                .SelectMany(type =>
                    type.GetProperties()
                        .Where(property =>
                            Has(property, "ParameterAttribute")
                            && !NotNarrowing.Contains(property.Name)
                            && !Has(property, "NarrowingAttribute")
                        )
                        .Select(property => $"{type.Name}.{property.Name}")
                ),
        ];
        Assert.Equal(["ConnectEtcdClusterCommand.ClusterName"], undecided); // There it only names the cluster.
    }

    public void Dispose() => _shell.Dispose();

    private static bool Has(PropertyInfo property, string attribute) =>
        property.GetCustomAttributes().Any(one => one.GetType().Name == attribute);
}
