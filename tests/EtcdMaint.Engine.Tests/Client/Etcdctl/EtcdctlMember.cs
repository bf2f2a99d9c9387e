using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>Clients for a member of a real cluster that use the cluster's own etcdctl.</summary>
internal static class EtcdctlMember
{
    public static CallBudget Limit => new(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public static CallBudget ShortLimit => new(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

    public static EtcdctlSettings Settings(TestEtcdCluster cluster, ClusterMember member, ClusterUser? user = null) =>
        new()
        {
            Program = cluster.Binaries.Etcdctl,
            Endpoint = EtcdEndpoint.Parse(member.ClientUrl, false),
            CAFile = cluster.Certificates?.Ca,
            CertificateFile = cluster.Certificates?.Client.Certificate,
            KeyFile = cluster.Certificates?.Client.Key,
            Login = user is null ? null : new EtcdctlLogin(user.Name, RealCluster.Secret(user.Password)),
        };

    public static EtcdctlMemberClient ClientFor(EtcdctlSettings settings, ICommandRunner? runner = null) =>
        new(new MemberAddress(settings.Endpoint.ToString()), settings, runner ?? new LocalCommandRunner());

    public static EtcdctlMemberClient ClientFor(
        TestEtcdCluster cluster,
        ClusterMember member,
        ICommandRunner? runner = null
    ) => ClientFor(Settings(cluster, member), runner);

    public static GrpcMemberClient GrpcClient(TestEtcdCluster cluster, ClusterMember member)
    {
        EtcdEndpoint endpoint = EtcdEndpoint.Parse(member.ClientUrl, false);
        TlsSettings tls = TlsLoader.Load(RealCluster.RequestFor(cluster).Tls);
        return new GrpcMemberClient(new MemberAddress(member.ClientUrl), endpoint, new TcpDialer(), tls, null);
    }

    public static async Task<MemberCallException> FailureAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<MemberCallException>(call);
}
