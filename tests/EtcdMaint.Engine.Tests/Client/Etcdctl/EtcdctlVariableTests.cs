using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using static EtcdMaint.Engine.Tests.Client.Etcdctl.EtcdctlMember;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>
/// Variables in the environment of etcdctl do not change its requests: they are unset, or have the same value, or are
/// named in an error before anything is sent.
/// </summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlVariableTests(ITestOutputHelper output)
{
    /// <summary>
    /// For each variable, one value that makes etcdctl of some release do, ask or print something else.
    /// </summary>
    private static readonly Dictionary<string, string> Foreign = new()
    {
        ["ETCDCTL_API"] = "2",
        ["ETCDCTL_AUTH_JWT_TOKEN"] = "token",
        ["ETCDCTL_CACERT"] = "/nowhere/ca.crt",
        ["ETCDCTL_CERT"] = "/nowhere/client.crt",
        ["ETCDCTL_CLUSTER"] = "true",
        ["ETCDCTL_COMMAND_TIMEOUT"] = "1ns",
        ["ETCDCTL_DEBUG"] = "true",
        ["ETCDCTL_DIAL_TIMEOUT"] = "1ns",
        ["ETCDCTL_DISCOVERY_SRV"] = "no-such-domain.invalid",
        ["ETCDCTL_DISCOVERY_SRV_NAME"] = "other",
        ["ETCDCTL_ENDPOINTS"] = "http://127.0.0.1:1",
        ["ETCDCTL_HEX"] = "true",
        ["ETCDCTL_INSECURE_DISCOVERY"] = "false",
        ["ETCDCTL_INSECURE_SKIP_TLS_VERIFY"] = "true",
        ["ETCDCTL_INSECURE_TRANSPORT"] = "false",
        ["ETCDCTL_KEEPALIVE_TIME"] = "1ns",
        ["ETCDCTL_KEEPALIVE_TIMEOUT"] = "1ns",
        ["ETCDCTL_KEY"] = "/nowhere/client.key",
        ["ETCDCTL_MAX_RECV_BYTES"] = "10",
        ["ETCDCTL_MAX_REQUEST_BYTES"] = "5",
        ["ETCDCTL_PASSWORD"] = "secret",
        ["ETCDCTL_USER"] = "root:secret",
        ["ETCDCTL_WRITE_OUT"] = "table",
    };

    /// <summary>Variables that change no call of the module, with any value.</summary>
    private static readonly string[] Harmless =
    [
        "ETCDCTL_DISCOVERY_SRV_NAME",
        "ETCDCTL_INSECURE_DISCOVERY",
        "ETCDCTL_INSECURE_TRANSPORT",
        "ETCDCTL_PASSWORD",
    ];

    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Every_variable_of_a_release_is_unset(string release)
    {
        EtcdBinaries binaries = await Releases.OrSkipAsync(release);
        Assert.Empty((await EtcdctlVariableNames.FromHelpAsync(binaries, Cancellation)).Except(EtcdctlVariables.All));
        Assert.Empty((await EtcdctlVariableNames.FromDebugAsync(binaries, Cancellation)).Except(EtcdctlVariables.All));
    }

    [Fact]
    public void Every_variable_that_is_unset_has_a_test_value() =>
        Assert.Equal(EtcdctlVariables.All.Order(), Foreign.Keys.Order());

    [Theory]
    [InlineData("3.4", "sh")]
    [InlineData("3.4", "env")]
    [InlineData("3.5.30", "sh")]
    [InlineData("3.5.30", "env")]
    [InlineData("3.6", "sh")]
    [InlineData("3.6", "env")]
    [InlineData("3.7", "sh")]
    [InlineData("3.7", "env")]
    public async Task Each_variable_is_unset_with_the_program_in_the_image(string release, string program)
    {
        await using TestEtcdCluster cluster = await StartAsync(release, 2);
        foreach ((string name, string value) in Foreign)
        {
            output.WriteLine(name);

            // Variables that no flag can override are known from another source, such as the spec of a pod.
            EtcdctlSettings settings = Settings(cluster, cluster.Members[0]) with
            {
                Variables = Known(name, value),
            };
            await using EtcdctlMemberClient client = ClientFor(settings, new BareImage(Known(name, value)!, program));
            await AssertUnchangedAsync(cluster, client);
        }
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task All_variables_are_unset_together_when_only_etcdctl_reports_them(string release)
    {
        await using TestEtcdCluster cluster = await StartAsync(release, 2);
        foreach (string program in new[] { "sh", "env" })
        {
            await using EtcdctlMemberClient client = First(cluster, new BareImage(Foreign, program));
            await AssertUnchangedAsync(cluster, client);
        }
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_variable_that_cannot_be_unset_is_named_before_anything_is_sent(string release)
    {
        await using TestEtcdCluster cluster = await StartAsync(release, 2);
        bool ignoresApi = cluster.Binaries.Version >= new Version(3, 6);
        foreach ((string name, string value) in Foreign)
        {
            EtcdctlSettings settings = Settings(cluster, cluster.Members[0]) with { Variables = Known(name, value) };
            await using EtcdctlMemberClient client = ClientFor(settings, new BareImage(Known(name, value)!));
            if (Harmless.Contains(name) || (ignoresApi && name == EtcdctlVariables.Api))
            {
                await AssertUnchangedAsync(cluster, client);
                continue;
            }
            MemberCallException error = await FailureAsync(() => client.GetStatusAsync(Limit));
            output.WriteLine(error.Message);
            Assert.Equal("EtcdctlVariableConflict", error.ErrorId);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.False(error.IsOutcomeUnknown);
            Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_defragmentation_never_reaches_the_member_that_a_variable_names(string release)
    {
        await using TestEtcdCluster cluster = await StartAsync(release, 2);
        string other = cluster.Members[1].ClientUrl;
        (string Name, string Value)[] leads =
        [
            ("ETCDCTL_ENDPOINTS", other),
            ("ETCDCTL_ENDPOINTS", $"{cluster.Members[0].ClientUrl},{other}"),
            ("ETCDCTL_CLUSTER", "true"),
        ];
        foreach ((string name, string value) in leads)
        {
            await using EtcdctlMemberClient bare = First(cluster, new BareImage(Known(name, value)!));
            if (name != "ETCDCTL_CLUSTER")
                await AssertRefusedAsync(() => SendDefragAsync(cluster, bare));
            await AssertRefusedAsync(() => bare.GetStatusAsync(Limit));
            await using EtcdctlMemberClient client = First(cluster, new BareImage(Known(name, value)!, "sh"));
            await SendDefragAsync(cluster, client);
        }
        Assert.All(EtcdLogs.Defragmentations(cluster), d => Assert.Equal(cluster.Members[0].Name, d.Member));
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Variables_with_the_same_value_are_used_when_they_cannot_be_unset(string release)
    {
        await using TestEtcdCluster cluster = await StartAsync(release, 1);
        EtcdctlSettings settings = Settings(cluster, cluster.Members[0]);
        settings = settings with { Endpoint = settings.Endpoint with { Host = "127.0.0.1" } };
        var same = new Dictionary<string, string>
        {
            ["ETCDCTL_CACERT"] = settings.CAFile!,
            ["ETCDCTL_CERT"] = settings.CertificateFile!,
            ["ETCDCTL_KEY"] = settings.KeyFile!,
            ["ETCDCTL_ENDPOINTS"] = $"127.0.0.1:{settings.Endpoint.Port}",
            ["ETCDCTL_DIAL_TIMEOUT"] = "3s",
            ["ETCDCTL_COMMAND_TIMEOUT"] = "1m30s",
            ["ETCDCTL_KEEPALIVE_TIME"] = "2s",
            ["ETCDCTL_HEX"] = "0",
            ["ETCDCTL_WRITE_OUT"] = "json",
            ["ETCDCTL_API"] = "3",
        };
        await using EtcdctlMemberClient client = ClientFor(settings, new BareImage(same));
        await AssertUnchangedAsync(cluster, client);
        await SendDefragAsync(cluster, client);
        Assert.Single(EtcdLogs.Defragmentations(cluster));
    }

    [Fact]
    public async Task An_empty_variable_does_not_count_as_the_needed_value()
    {
        await using TestEtcdCluster cluster = await StartAsync("3.5.30", 1);
        foreach (string name in new[] { "ETCDCTL_CACERT", "ETCDCTL_ENDPOINTS" })
        {
            await using EtcdctlMemberClient client = First(cluster, new BareImage(Known(name, "")!));
            MemberCallException error = await FailureAsync(() => client.GetStatusAsync(Limit));
            Assert.Equal("EtcdctlVariableConflict", error.ErrorId);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string?> Known(string name, string value) => new() { [name] = value };

    private static EtcdctlMemberClient First(TestEtcdCluster cluster, BareImage image) =>
        ClientFor(Settings(cluster, cluster.Members[0]), image);

    private static async Task<TestEtcdCluster> StartAsync(string release, int members)
    {
        EtcdBinaries binaries = await Releases.OrSkipAsync(release);
        return await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = members,
                Tls = TlsMode.Mutual,
                Binaries = binaries,
            },
            Cancellation
        );
    }

    /// <summary>The client reads the member's own ID and revision, as without variables.</summary>
    private static async Task AssertUnchangedAsync(TestEtcdCluster cluster, EtcdctlMemberClient client)
    {
        Assert.Equal(cluster.Members[0].Id, HexId.Format((await client.GetStatusAsync(Limit)).Header.MemberId));
        Assert.Equal(cluster.Members[0].Id, HexId.Format((await client.ReadAsync(Limit)).MemberId));
        Assert.Equal(cluster.Members.Count, (await client.ListMembersAsync(linearizable: true, Limit)).Members.Count);
    }

    private static async Task AssertRefusedAsync(Func<Task> call) =>
        Assert.Equal(CallFailure.VariableConflict, (await FailureAsync(call)).Failure);

    private static async Task SendDefragAsync(TestEtcdCluster cluster, EtcdctlMemberClient client)
    {
        ulong member = Convert.ToUInt64(cluster.Members[0].Id, 16);
        using IPreparedDefrag defrag = await client.PrepareDefragAsync(member, Limit);
        await defrag.SendAsync(Limit);
    }
}
