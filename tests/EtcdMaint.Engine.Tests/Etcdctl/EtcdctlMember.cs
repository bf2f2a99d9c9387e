using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Etcdctl;
using EtcdMaint.Engine.Clients.Grpc;
using EtcdMaint.Engine.Transports;
using EtcdMaint.Engine.Transports.Processes;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Etcdctl;

/// <summary>Clients for a member of a real cluster, by its own etcdctl.</summary>
internal static class EtcdctlMember
{
    public static CallLimit Limit => new(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public static CallLimit ShortLimit => new(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

    public static EtcdctlSettings Settings(EtcdCluster cluster, ClusterMember member, ClusterUser? user = null) => new()
    {
        Program = cluster.Binaries.Etcdctl,
        Endpoint = EtcdEndpoint.Parse(member.ClientUrl, false),
        CAFile = cluster.Certificates?.Ca,
        CertificateFile = cluster.Certificates?.Client.Certificate,
        KeyFile = cluster.Certificates?.Client.Key,
        Login = user is null ? null : new EtcdctlLogin(user.Name, Real.RealCluster.Secret(user.Password)),
    };

    public static EtcdctlMemberClient Client(EtcdctlSettings settings, ICommandRunner? runner = null) =>
        new(new MemberPlace(settings.Endpoint.ToString()), settings, runner ?? new LocalCommandRunner());

    public static EtcdctlMemberClient Client(EtcdCluster cluster, ClusterMember member, ICommandRunner? runner = null) =>
        Client(Settings(cluster, member), runner);

    public static GrpcMemberClient GrpcClient(EtcdCluster cluster, ClusterMember member)
    {
        EtcdEndpoint endpoint = EtcdEndpoint.Parse(member.ClientUrl, false);
        TlsSettings tls = TlsLoader.Load(Real.RealCluster.RequestFor(cluster).Tls);
        return new GrpcMemberClient(new MemberPlace(member.ClientUrl), endpoint, new TcpDialer(), tls, null);
    }

    public static async Task<MemberCallException> FailureAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<MemberCallException>(call);
}
