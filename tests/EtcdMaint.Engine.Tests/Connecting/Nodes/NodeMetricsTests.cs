using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Connecting.Local;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Connecting.Ssh;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>Metrics in addition to etcdctl on a node, over ssh and in the node's own shell.</summary>
[Trait("Kind", "Real")]
public sealed class NodeMetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(RealCluster.Timeout, Cancellation);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_are_read_over_a_stream_or_with_curl_if_forwarding_is_refused(bool allowsForwarding)
    {
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("no-curl");
        await using SshNodes nodes = await SshNodes.OrSkipAsync(
            1,
            allowsForwarding ? SshNodes.WithoutCurl(folder) : new SshServerOptions { AllowForwarding = false }
        );
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, MetricsApart = true },
            Cancellation
        );
        await WithClientAsync(
            nodes,
            etcd,
            async client =>
            {
                for (int i = 0; i < 2; i++)
                    Assert.Equal(
                        etcd.Members[0].Id,
                        HexId.Format((await client.ReadMetricsAsync(Limit))!.MemberId!.Value)
                    );
            }
        );
    }

    [Fact]
    public async Task When_neither_works_there_are_no_metrics_and_nothing_is_tried_again()
    {
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("no-curl");
        await using SshNodes nodes = await SshNodes.OrSkipAsync(
            1,
            SshNodes.WithoutCurl(folder) with
            {
                AllowForwarding = false,
            }
        );
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, MetricsApart = true },
            Cancellation
        );
        await WithClientAsync(
            nodes,
            etcd,
            async client =>
            {
                Assert.Null(await client.ReadMetricsAsync(Limit));
                int tried = Requests(nodes);
                for (int i = 0; i < 3; i++)
                    Assert.Null(await client.ReadMetricsAsync(Limit));
                Assert.Equal(tried, Requests(nodes));
            }
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_local_etcdctl_reads_the_metrics_of_every_member(bool hasMetricsUrl)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                MetricsApart = hasMetricsUrl,
            },
            Local
        );
        var settings = new EtcdctlSettings
        {
            Program = real.Etcd.Binaries.Etcdctl,
            Endpoint = EtcdEndpoint.Parse(real.Etcd.ClientUrls[0], false),
            CAFile = real.Etcd.Certificates!.Ca,
            CertificateFile = real.Etcd.Certificates.Client.Certificate,
            KeyFile = real.Etcd.Certificates.Client.Key,
        };
        var runner = new LocalCommandRunner();
        EtcdProcess? here = await EtcdProcessFinder.FindAsync(runner, settings.Endpoint, "here", Limit);
        await using var access = new LocalMemberSource([settings.Endpoint], false, settings, runner, here);
        IMemberClient first = Assert.Single(await access.GetClientsAsync(Limit));
        IReadOnlyList<MemberEntry> members = (await first.ListMembersAsync(linearizable: true, Limit)).Members;
        foreach (MemberEntry member in members)
        {
            IMemberClient client = access.GetCandidates(member).FirstOrDefault() ?? first;
            Assert.Equal(member.Id, (await client.ReadMetricsAsync(Limit))!.MemberId);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:2381", "http://127.0.0.1:2381")]
    [InlineData("http://10.0.0.1:2381,http://0.0.0.0:2382", "http://127.0.0.1:2382,http://10.0.0.1:2381")]
    [InlineData("https://0.0.0.0:9978", "")]
    [InlineData("http://${HOST}:2381", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Only_URLs_without_TLS_that_a_setting_names_are_used(string? setting, string expected)
    {
        var settings = new Dictionary<string, string>();
        if (setting is not null)
            settings["listen-metrics-urls"] = setting;
        Assert.Equal(expected, string.Join(',', new EtcdProcess(1, settings).PlainMetrics));
    }

    /// <summary>The requested commands and streams, from the node's own log.</summary>
    private static int Requests(SshNodes nodes) =>
        nodes
            .Servers[0]
            .ReadLog()
            .Split('\n')
            .Count(l =>
                l.Contains("Starting session", StringComparison.Ordinal)
                || l.Contains("refused local port forward", StringComparison.Ordinal)
            );

    private static LocalConnectRequest Local(TestEtcdCluster etcd) =>
        new()
        {
            EtcdctlPath = etcd.Binaries.Etcdctl,
            Endpoint = [etcd.ClientUrls[0]],
            ClusterName = "test",
            CallTimeout = RealCluster.Timeout,
            Tls = RealCluster.RequestFor(etcd).Tls,
        };

    private static async Task WithClientAsync(SshNodes nodes, TestEtcdCluster etcd, Func<IMemberClient, Task> use)
    {
        await using SshConnection connection = nodes.Connection();
        var node = new SshNode(
            nodes.Request(etcd),
            connection,
            EtcdEndpoint.Parse(etcd.ClientUrls[0], false),
            null,
            null
        );
        await using IMemberClient client = await node.OpenAsync(Limit);
        await use(client);
    }
}
