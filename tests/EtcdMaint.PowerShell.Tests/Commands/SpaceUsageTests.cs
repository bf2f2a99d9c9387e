using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Get-EtcdSpaceUsage: its request, the clusters it reads, and its rows in a pipeline.</summary>
public sealed class SpaceUsageTests : IDisposable
{
    private readonly Shell _shell = new(width: 80);

    private readonly FakeCluster _cluster = new();

    private readonly FakeCluster _other = new("staging", "c2");

    [Fact]
    public void Without_parameters_it_estimates_all_keys_within_the_default_limit()
    {
        Assert.Empty(Run("Get-EtcdSpaceUsage -Connection $c").ErrorText);
        Assert.Equal(
            new SpaceUsageRequest
            {
                Prefix = "",
                Depth = null,
                CountOnly = false,
                Exact = false,
                SampleTime = TimeSpan.Zero,
                MaximumBytesPerSecond = SpaceUsageRequest.DefaultMaximumBytesPerSecond,
                CallTimeout = TimeSpan.FromSeconds(15),
            },
            Assert.Single(_cluster.SpaceUsages)
        );
    }

    [Fact]
    public void It_passes_on_every_parameter()
    {
        Outcome outcome = Run(
            "Get-EtcdSpaceUsage -Connection $c -Prefix /registry/pods/ -Depth 64 -Exact -SampleSeconds 86400 "
                + "-MaximumBytesPerSecond 64KB -TimeoutSec 90;"
                + "Get-EtcdSpaceUsage -Connection $c -CountOnly -Exact:$false -Depth 1 -SampleSeconds 1"
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(
            [
                new SpaceUsageRequest
                {
                    Prefix = "/registry/pods/",
                    Depth = 64,
                    Exact = true,
                    SampleTime = TimeSpan.FromDays(1),
                    MaximumBytesPerSecond = 65536,
                    CallTimeout = TimeSpan.FromSeconds(90),
                },
                new SpaceUsageRequest
                {
                    Depth = 1,
                    CountOnly = true,
                    SampleTime = TimeSpan.FromSeconds(1),
                    CallTimeout = TimeSpan.FromSeconds(15),
                },
            ],
            _cluster.SpaceUsages
        );
    }

    [Theory]
    [InlineData("$c, $d | Get-EtcdSpaceUsage")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c, $d")]
    public void Connections_are_piped_or_specified(string call)
    {
        Outcome outcome = Run(call);
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(
            ["prod", "staging"],
            outcome.Output.Cast<EtcdSpaceUsage>().Select(row => row.ClusterName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void An_empty_pipeline_reads_nothing()
    {
        Assert.Empty(Run("@() | Get-EtcdSpaceUsage").Output);
        Assert.Empty(_cluster.Calls);
    }

    /// <summary>Both clusters emit their first row before one of them emits its second.</summary>
    [Fact]
    public void Rows_and_total_of_a_cluster_stay_together()
    {
        var both = new Barrier(2);
        foreach (FakeCluster cluster in new[] { _cluster, _other })
            cluster.OnGetSpaceUsage = async (_, observer, stop) =>
            {
                await Task.Yield();
                for (int i = 0; i < 3; i++)
                {
                    observer.Emit(Row(cluster, $"r{i}"));
                    both.SignalAndWait(TimeSpan.FromSeconds(30), stop);
                }
                observer.Inform($"total of {cluster.Connection.ClusterName}");
            };
        Outcome outcome = Run("$c, $d | Get-EtcdSpaceUsage | Out-Default");
        string[] lines = [.. outcome.Screen.Split('\n').Where(line => line.StartsWith('r') || line.Contains("total"))];
        Assert.Equal(8, lines.Length);
        foreach (string[] cluster in lines.Chunk(4))
        {
            Assert.Equal(["r0", "r1", "r2"], cluster.Take(3).Select(line => line.Split(' ')[0]));
            Assert.StartsWith("total of ", cluster[3], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_error_of_one_cluster_does_not_end_the_others()
    {
        _cluster.OnGetSpaceUsage = (_, _, _) =>
            throw new EtcdException("PermissionDenied", EtcdErrorCategory.PermissionDenied, "denied");
        Outcome outcome = Run("$c, $d | Get-EtcdSpaceUsage");
        Assert.Equal(["PermissionDenied"], outcome.ErrorIds);
        Assert.Equal("staging", Assert.IsType<EtcdSpaceUsage>(Assert.Single(outcome.Output)).ClusterName);
    }

    [Fact]
    public void An_error_of_the_only_cluster_is_non_terminating_and_follows_its_rows()
    {
        _cluster.OnGetSpaceUsage = (_, observer, _) =>
        {
            observer.Emit(Row(_cluster, "pods"));
            throw new EtcdException("ConnectionLost", EtcdErrorCategory.ConnectionError, "lost");
        };
        Outcome outcome = Run("Get-EtcdSpaceUsage -Connection $c; 'after'");
        Assert.Equal(["ConnectionLost"], outcome.ErrorIds);
        Assert.Equal(2, outcome.Output.Count);
    }

    [Fact]
    public void A_pipeline_that_needs_no_more_rows_ends_quietly()
    {
        _cluster.OnGetSpaceUsage = async (_, observer, stop) =>
        {
            for (int i = 0; i < 100; i++)
                observer.Emit(Row(_cluster, $"r{i}"));
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        Outcome outcome = Run(
            "foreach ($x in 1) { Get-EtcdSpaceUsage -Connection $c | ForEach-Object { $_; if (++$n -eq 10) { break } } }"
        );
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"r{i}"),
            outcome.Output.Select(row => Assert.IsType<EtcdSpaceUsage>(row).Resource)
        );
        Assert.Empty(outcome.ErrorText);
        Assert.DoesNotContain("stopped", outcome.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("($u | Where-Object Writes/s -gt 1).Count", "2")]
    [InlineData("($u | Where-Object Keys -gt 1 | Where-Object Size -gt 1MB).Count", "3")]
    [InlineData("$u[0].ToString()", "pods in default")]
    public void Rows_can_be_filtered_by_their_headers(string script, string expected)
    {
        Outcome outcome = _shell.Run(script, ("u", Rows));
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(expected, $"{Assert.Single(outcome.Output)}");
    }

    [Fact]
    public async Task After_a_stop_the_host_shows_what_was_found()
    {
        var atWork = new TaskCompletionSource();
        _cluster.OnGetSpaceUsage = async (_, observer, stop) =>
        {
            atWork.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            for (int i = 0; i < 20; i++)
                observer.Emit(Row(_cluster, $"r{i}"));
        };
        Outcome outcome = await _shell.RunAndStopAsync(
            "Get-EtcdSpaceUsage -Connection $c",
            atWork.Task,
            ("c", _cluster.Connection)
        );
        Assert.Contains(
            "WARNING: prod: Get-EtcdSpaceUsage was stopped. These are the first 15 of 20 rows that it had until then.",
            outcome.Screen,
            StringComparison.Ordinal
        );
        string[] lines = outcome.Screen.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("Resource ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("r14 ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("r15 ", StringComparison.Ordinal));
    }

    public void Dispose() => _shell.Dispose();

    private static EtcdSpaceUsage[] Rows =>
        [
            Samples.Usage("pods", "default", writes: 50),
            Samples.Usage("pods", "kube-system", writes: 3),
            Samples.Usage("secrets", "default", writes: 0),
        ];

    private static EtcdSpaceUsage Row(FakeCluster cluster, string resource) =>
        Samples.Usage(resource, "default") with
        {
            ClusterName = cluster.Connection.ClusterName,
        };

    private Outcome Run(string script) => _shell.Run(script, ("c", _cluster.Connection), ("d", _other.Connection));
}
