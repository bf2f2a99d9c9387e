using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.TestCluster;
using static EtcdMaint.Engine.Tests.Client.Etcdctl.EtcdctlMember;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>Failures of etcdctl get the same error IDs as failures over gRPC.</summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlFailureTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Reports_connection_and_certificate_errors(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        ClusterCertificates certificates = cluster.Certificates!;
        EtcdctlSettings good = Settings(cluster, cluster.Members[0]);

        CertificateFiles foreign = certificates.ForeignClient();
        await Task.WhenAll(
            ExpectAsync(CallFailure.ProgramMissing, good with { Program = "/nowhere/etcdctl" }),
            ExpectAsync(CallFailure.Refused, good with { Endpoint = good.Endpoint with { Port = 1 } }),
            ExpectAsync(
                CallFailure.HostNotFound,
                good with
                {
                    Endpoint = good.Endpoint with { Host = "no-such-host.invalid" },
                }
            ),
            ExpectAsync(CallFailure.PlainToTls, good with { Endpoint = good.Endpoint with { IsTls = false } }),
            ExpectAsync(CallFailure.ServerCertificateUntrusted, good with { CAFile = certificates.ForeignCa() }),
            ExpectAsync(CallFailure.ClientCertificateRequired, good with { CertificateFile = null, KeyFile = null }),
            ExpectAsync(CallFailure.CertificateUnreadable, good with { CAFile = "/nowhere/ca.crt" }),
            ExpectAsync(CallFailure.CertificateUnreadable, good with { KeyFile = "/nowhere/client.key" }),
            // The server's alert may arrive after etcdctl has started to write; etcdctl 3.4 never reports it.
            ExpectAsync(
                [CallFailure.ClientCertificateRejected, CallFailure.HandshakeFailed],
                good with
                {
                    CertificateFile = foreign.Certificate,
                    KeyFile = foreign.Key,
                }
            )
        );
        cluster.PresentServerCertificate(certificates.ExpiredServer());
        await ExpectAsync(CallFailure.ServerCertificateExpired, good);
        cluster.PresentServerCertificate(certificates.ServerForName("somewhere.else"));
        await ExpectAsync(CallFailure.ServerNameMismatch, good);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Reports_TLS_to_a_plain_port_and_a_member_that_does_not_answer(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        EtcdctlSettings good = Settings(cluster, cluster.Members[0]);
        await ExpectAsync(CallFailure.TlsToPlain, good with { Endpoint = good.Endpoint with { IsTls = true } });
        cluster.Members[0].Suspend();
        await ExpectAsync(CallFailure.TimedOut, good);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Login_errors_never_show_the_password(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Auth = true, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        ClusterMember member = cluster.Members[0];
        var runner = new RecordingRunner(new LocalCommandRunner());
        var corrected = ClusterUsers.Root with { Password = "wrong" };

        await using EtcdctlMemberClient root = ClientFor(Settings(cluster, member, ClusterUsers.Root), runner);
        Assert.True((await root.ReadAsync(Limit)).Revision > 0);
        long lease = await root.GrantLeaseAsync(TimeSpan.FromSeconds(30), Limit);
        Assert.True((await root.CreateAsync("k", [1, 2, 3], lease, Limit)).Created);
        Assert.Equal([1, 2, 3], (await root.GetAsync("k", Limit)).Value);
        Assert.DoesNotContain(
            runner.Commands,
            c => c.Any(a => a.Contains(ClusterUsers.Root.Password, StringComparison.Ordinal))
        );

        await ReadFailsAsync(CallFailure.LoginFailed, Settings(cluster, member, corrected));
        await ReadFailsAsync(CallFailure.LoginRequired, Settings(cluster, member));
        await ReadFailsAsync(CallFailure.PermissionDenied, Settings(cluster, member, ClusterUsers.Limited));
        await using EtcdctlMemberClient shellLess = ClientFor(
            Settings(cluster, member, ClusterUsers.Root),
            new NothingThere()
        );
        Assert.Equal("ShellNotFound", (await FailureAsync(() => shellLess.GetStatusAsync(Limit))).ErrorId);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Ignores_conflicting_variables(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        var inTheWay = new Dictionary<string, string>
        {
            ["ETCDCTL_ENDPOINTS"] = "http://127.0.0.1:1",
            ["ETCDCTL_CACERT"] = "/nowhere",
            ["ETCDCTL_WRITE_OUT"] = "table",
        };
        await using EtcdctlMemberClient client = ClientFor(
            cluster,
            cluster.Members[0],
            new LocalCommandRunner(inTheWay)
        );
        Assert.Equal(cluster.Members[0].Id, HexId.Format((await client.GetStatusAsync(Limit)).Header.MemberId));
    }

    private Task ExpectAsync(CallFailure expected, EtcdctlSettings settings) => ExpectAsync([expected], settings);

    private async Task ExpectAsync(CallFailure[] expected, EtcdctlSettings settings)
    {
        await using EtcdctlMemberClient client = ClientFor(settings);
        MemberCallException[] failures = await Task.WhenAll(
            FailureAsync(() => client.GetStatusAsync(ShortLimit)),
            FailureAsync(() => client.ListMembersAsync(linearizable: true, ShortLimit))
        );
        foreach (MemberCallException failure in failures)
        {
            output.WriteLine($"{failure.ErrorId}: {failure.Message}");
            Assert.Contains(failure.Failure, expected);
        }
    }

    private static async Task ReadFailsAsync(CallFailure expected, EtcdctlSettings settings)
    {
        await using EtcdctlMemberClient client = ClientFor(settings);
        Assert.Equal(expected, (await FailureAsync(() => client.ReadAsync(Limit))).Failure);
    }

    private sealed class NothingThere : ICommandRunner
    {
        public Task<CommandOutput> RunAsync(
            string program,
            IReadOnlyList<string> arguments,
            ReadOnlyMemory<byte> input,
            CallBudget limit
        ) => throw new DialException(CallFailure.ProgramMissing, $"{program} is not there");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
