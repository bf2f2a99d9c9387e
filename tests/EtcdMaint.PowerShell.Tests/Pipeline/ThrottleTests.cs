using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Pipeline;

/// <summary>How many clusters are processed concurrently, depending on what a cluster costs this machine.</summary>
public sealed class ThrottleTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly Shell _shell = new();

    private int _running;

    private int _most;

    public static TheoryData<string> Reading =>
        [
            "Get-EtcdMember",
            "Get-EtcdMemberStatus",
            "Get-EtcdAlarm",
            "Test-EtcdHealth -ThrottleLimit 1000",
            "Get-EtcdSpaceUsage -ThrottleLimit 1000",
        ];

    [Theory]
    [MemberData(nameof(Reading))]
    public void Eighty_clusters_over_ssh_are_read_eight_at_a_time(string cmdlet)
    {
        Outcome outcome = Run(cmdlet, Clusters(80, EtcdAccess.SshCommand));
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(8, _most);
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(5, 4)]
    [InlineData(40, 1)]
    public void The_limit_depends_on_the_number_of_nodes(int nodes, int most)
    {
        Run("Get-EtcdMemberStatus", Clusters(60, EtcdAccess.SshStream, nodes));
        Assert.Equal(most, _most);
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public void Clusters_over_gRPC_are_all_read_at_once(string cmdlet)
    {
        FakeCluster[] clusters = Clusters(1000, EtcdAccess.Endpoint, until: 1000);
        Assert.Empty(Run(cmdlet, clusters).ErrorText);
        Assert.Equal(1000, _most);
    }

    [Fact]
    public void No_more_than_1024_clusters_are_read_at_once()
    {
        FakeCluster[] clusters = Clusters(1500, EtcdAccess.Endpoint, until: 1024);
        Assert.Empty(Run("Get-EtcdMemberStatus", clusters).ErrorText);
        Assert.Equal(1024, _most);
    }

    [Fact]
    public void A_cluster_over_ssh_does_not_delay_those_over_gRPC()
    {
        FakeCluster[] clusters = [.. Clusters(20, EtcdAccess.SshCommand), .. Clusters(100, EtcdAccess.Endpoint)];
        Run("Get-EtcdMemberStatus", clusters);
        Assert.InRange(_most, 101, 108);
    }

    [Fact]
    public void A_changing_cmdlet_applies_both_limits()
    {
        foreach ((int throttle, int most) in ((int, int)[])[(2, 2), (100, 8)])
        {
            _most = 0;
            EtcdMember[] members = [.. Clusters(30, EtcdAccess.SshCommand).Select(cluster => cluster.Members[0])];
            Assert.Empty(_shell.Run($"$m | Invoke-EtcdDefrag -ThrottleLimit {throttle}", ("m", members)).ErrorText);
            Assert.Equal(most, _most);
        }
    }

    [Fact]
    public void No_more_processes_than_the_limit_run_at_a_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("etcdmaint-throttle-");
        string program = Path.Combine(folder.FullName, "etcdctl");
        string log = Path.Combine(folder.FullName, "log");
        File.WriteAllText(program, $"#!/bin/sh\necho + >> {log}\nsleep 1\necho - >> {log}\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Outcome outcome = _shell.Run(
            $"$fleet = 1..70 | ForEach-Object {{ Connect-EtcdCluster -EtcdctlPath '{program}' -Endpoint "
                + "http://127.0.0.1:$_ -NoVerify -NoDefault -ClusterName c$_ };"
                + " $fleet | Get-EtcdMemberStatus -TimeoutSeconds 120"
        );
        int now = 0;
        int most = File.ReadLines(log).Max(line => now += line == "+" ? 1 : -1);
        Assert.Equal(70, outcome.Errors.Count);
        Assert.InRange(most, 24, 48);
        folder.Delete(recursive: true);
    }

    public void Dispose() => _shell.Dispose();

    private FakeCluster[] Clusters(int count, EtcdAccess access, int nodes = 3, int until = 0)
    {
        var all = new TaskCompletionSource();
        FakeCluster[] clusters =
        [
            .. Enumerable
                .Range(1, count)
                .Select(number => new FakeCluster($"{access}{number}", $"{access}{number}", nodes, access)),
        ];
        foreach (FakeCluster cluster in clusters)
        {
            cluster.OnCall = async stop =>
            {
                int now = Interlocked.Increment(ref _running);
                lock (_shell)
                    _most = Math.Max(_most, now);
                if (until == 0)
                    await Task.Delay(20, stop);
                else if (now == until)
                    all.TrySetResult();
                if (until > 0)
                    await all.Task.WaitAsync(Soon, stop);
                Interlocked.Decrement(ref _running);
            };
        }
        return clusters;
    }

    private Outcome Run(string script, FakeCluster[] clusters) =>
        _shell.Run($"$c | {script}", ("c", clusters.Select(cluster => cluster.Connection).ToArray()));
}
