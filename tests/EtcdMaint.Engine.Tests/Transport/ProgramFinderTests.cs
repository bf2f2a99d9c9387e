using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.TestCluster;
using static EtcdMaint.Engine.Tests.Client.Etcdctl.EtcdctlMember;

namespace EtcdMaint.Engine.Tests.Transport;

/// <summary>etcdctl is in one of several places, and other arguments of the command are equal to its name.</summary>
[Trait("Kind", "Real")]
public sealed class ProgramFinderTests
{
    private const string Etcdctl = "etcdctl";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_and_a_key_with_the_name_of_the_program_are_passed_on_unchanged()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Auth = true },
            Cancellation
        );
        (await cluster.EtcdctlAsync("user", "add", $"{Etcdctl}:secret")).OutputOrThrow();
        (await cluster.EtcdctlAsync("user", "grant-role", Etcdctl, "root")).OutputOrThrow();
        (await cluster.EtcdctlAsync("put", Etcdctl, "value")).OutputOrThrow();
        EtcdctlSettings settings = Settings(cluster, cluster.Members[0], new ClusterUser(Etcdctl, "secret")) with
        {
            Program = Etcdctl,
        };
        await using EtcdctlMemberClient client = ClientFor(
            settings,
            new ProgramFinder(new LocalCommandRunner(), Etcdctl, ["/nowhere/etcdctl", cluster.Binaries.Etcdctl])
        );

        Assert.NotEqual(0UL, (await client.GetStatusAsync(Limit)).Header.MemberId);
        Assert.Equal("value"u8.ToArray(), (await client.GetAsync(Etcdctl, Limit)).Value);
    }

    [Fact]
    public async Task A_key_with_the_name_of_the_program_is_passed_on_unchanged_without_a_shell()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        (await cluster.EtcdctlAsync("put", Etcdctl, "value")).OutputOrThrow();
        EtcdctlSettings settings = Settings(cluster, cluster.Members[0]) with { Program = Etcdctl };
        await using EtcdctlMemberClient client = ClientFor(
            settings,
            new ProgramFinder(new LocalCommandRunner(), Etcdctl, ["/nowhere/etcdctl", cluster.Binaries.Etcdctl])
        );
        Assert.Equal("value"u8.ToArray(), (await client.GetAsync(Etcdctl, Limit)).Value);
    }
}
