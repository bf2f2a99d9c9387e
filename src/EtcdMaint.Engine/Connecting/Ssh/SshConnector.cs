using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>Connects through ssh.</summary>
internal static class SshConnector
{
    public static FoundCluster Open(SshConnectRequest request, IRunObserver observer)
    {
        IReadOnlyList<SshTarget> targets = SshTarget.ParseAll(request.SshHost);
        EtcdEndpoint?[] endpoints = ReadClientUrls(request, targets.Count);
        bool isStream = Choose(request, observer);
        TlsSettings? tls = isStream ? TlsLoader.Load(request.Tls) : null;
        Login? login = isStream ? Login.Of(request, observer) : null;

        ControlSockets? sockets = ControlSockets.Create();
        var client = new SshClientSettings(request.SshPath, request.SshConfigPath);
        SshConnection[] connections = [.. targets.Select(t => new SshConnection(t, client, sockets?.Next()))];
        SshNode[] nodes = [.. connections.Select((c, i) => new SshNode(request, c, endpoints[i], tls, login))];
        IMemberClient[] members =
        [
            .. nodes.Select(n => new LazyMemberClient(n.Place, n.OpenAsync, TimeProvider.System)),
        ];
        return new FoundCluster(
            request.ClusterName ?? targets[0].Destination,
            isStream ? EtcdAccess.SshStream : EtcdAccess.SshCommand,
            [.. targets.Select(t => t.ToString())],
            request.UserName,
            new SshMemberSource(members, nodes, connections, sockets, login, tls, runsPrograms: !isStream)
        );
    }

    private static bool Choose(SshConnectRequest request, IRunObserver observer)
    {
        bool isStream = request.Tls.ClientCertificate is not null || request.Tls.CACertificate is not null;
        observer.LogVerbose(
            isStream
                ? "ssh: using gRPC over streams, because certificates were specified."
                : "ssh: using etcdctl on the nodes, because no certificates were specified."
        );
        return isStream;
    }

    /// <summary>Returns one URL for each node. Null means that the URL is read from the etcd on the node.</summary>
    private static EtcdEndpoint?[] ReadClientUrls(SshConnectRequest request, int nodes)
    {
        string[] texts =
        [
            .. request.ClientUrl.SelectMany(u =>
                u.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ),
        ];
        bool isTls =
            !request.Tls.IsEmpty
            || request.RemoteCACertificatePath is not null
            || request.RemoteClientCertificatePath is not null;
        EtcdEndpoint[] read = [.. texts.Select(t => EtcdEndpoint.Parse(t, isTls))];
        if (read.Length > 1 && read.Length != nodes)
            throw new EtcdException(
                ErrorIds.ClientUrlCount,
                EtcdErrorCategory.InvalidArgument,
                $"{read.Length} client URLs were specified for {nodes} nodes.",
                "Specify one for all nodes, one for each node in the same order, or none.",
                request.ClientUrl
            );
        return
        [
            .. Enumerable
                .Range(0, nodes)
                .Select(i =>
                    read.Length switch
                    {
                        0 => null,
                        1 => read[0],
                        _ => read[i],
                    }
                ),
        ];
    }
}
