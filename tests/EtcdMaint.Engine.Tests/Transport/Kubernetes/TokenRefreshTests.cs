using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Client.Etcdctl;
using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>Temporary failures during a run do not lose any known state.</summary>
[Trait("Kind", "Real")]
public sealed class TokenRefreshTests
{
    private static CallBudget Limit => new(ControlPlane.Timeout, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_plugin_that_fails_during_a_run_leaves_the_known_pods_in_use()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        string answer = Path.Combine(plane.Api.FolderPath, "answer");
        File.WriteAllText(
            answer,
            $$$"""{"status":{"token":"{{{ControlPlane.Token}}}","expirationTimestamp":"2020-01-01T00:00:00Z"} }"""
        );
        string config = KubeConfigText.Write(
            plane.Api,
            KubeConfigText.Whole(plane.Api, $"{{exec: {{command: cat, args: [\"{answer}\"]}}}}"),
            "plugin"
        );
        var api = new ApiServer(KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = config }, _ => { }));
        var time = new LaterTime();
        await using var access = new KubernetesMemberSource(
            api,
            new PodDiscovery(api, plane.Request(EtcdPodAccess.Exec), null),
            new ExecPodClients(api, skipCertificateCheck: false, null),
            time
        );
        IMemberClient known = Assert.Single(await access.GetClientsAsync(Limit));

        File.Delete(answer);
        time.Later = TimeSpan.FromMinutes(1);
        Assert.Same(known, Assert.Single(await access.GetClientsAsync(Limit)));
        Assert.Equal(
            "KubernetesLoginRejected",
            (await Assert.ThrowsAsync<MemberCallException>(() => known.GetStatusAsync(Limit))).ErrorId
        );
    }

    [Theory]
    [InlineData("PodUnavailable")]
    [InlineData("SshHostNotFound")]
    [InlineData("NotSent")]
    public async Task A_voter_that_temporarily_does_not_answer_is_skipped(string failure)
    {
        EtcdEndpoint endpoint = EtcdEndpoint.Parse("http://127.0.0.1:1", false);
        ResolvedMember[] voters =
        [
            .. new ulong[] { 1, 2 }.Select(id => new ResolvedMember(
                new MemberEntry(id, $"m{id}", [], [], false),
                EtcdctlMember.ClientFor(new EtcdctlSettings { Endpoint = endpoint }),
                null
            )),
        ];
        MemberCallException failed = MemberCallException.Create(
            Enum.Parse<CallFailure>(failure),
            voters[0].Client!.Place
        );
        IMemberClient asked = await ClusterContext.AskAnyVoterAsync(
            new ClusterMembership(1, voters, true),
            client => client == voters[0].Client ? throw failed : Task.FromResult(client)
        );
        Assert.Same(voters[1].Client, asked);
    }

    [Fact]
    public async Task A_pod_that_does_not_run_etcd_keeps_its_only_client_and_is_recognized_later()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Members = 2, Tls = TlsMode.Mutual }
        );
        FakePod starting = plane.Api.Pods[1];
        starting.Programs.Remove("etcdctl", out string? etcdctl);
        var api = new ApiServer(KubeConfigLoader.Load(plane.Request(EtcdPodAccess.Exec), _ => { }));
        var time = new LaterTime();
        var clients = new CountingClients(api);
        await using var access = new KubernetesMemberSource(
            api,
            new PodDiscovery(api, plane.Request(EtcdPodAccess.Exec), null),
            clients,
            time
        );
        for (int i = 0; i < 3; i++)
        {
            Assert.Single(await access.GetClientsAsync(Limit));
            time.Later += TimeSpan.FromMinutes(1);
        }
        Assert.Equal([plane.Api.Pods[0].Name, starting.Name], clients.Created.Order());

        starting.Programs["etcdctl"] = etcdctl!;
        Assert.Equal(2, (await access.GetClientsAsync(Limit)).Count);
        Assert.Equal(2, clients.Created.Count);
    }

    /// <summary>etcdctl in pods, with a list of the pods for which a client was created.</summary>
    private sealed class CountingClients(ApiServer api) : PodClients(api)
    {
        private readonly ExecPodClients _inner = new(api, skipCertificateCheck: false, null);

        public ConcurrentBag<string> Created { get; } = [];

        public override bool RunsPrograms => _inner.RunsPrograms;

        public override IReadOnlyList<string> HostsOf(EtcdPod pod) => _inner.HostsOf(pod);

        public override IMemberClient Create(EtcdPod pod, string host)
        {
            Created.Add(pod.Name);
            return _inner.Create(pod, host);
        }

        public override bool MayTryNext(CallFailure failure) => _inner.MayTryNext(failure);
    }

    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Later.TotalSeconds * TimestampFrequency);
    }
}
