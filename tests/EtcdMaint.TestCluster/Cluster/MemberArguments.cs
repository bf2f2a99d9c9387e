using System.Globalization;

namespace EtcdMaint.TestCluster;

/// <summary>The command line of a member.</summary>
internal static class MemberArguments
{
    public static IReadOnlyList<string> For(TestEtcdCluster cluster, ClusterMember member)
    {
        var options = cluster.Options;
        var addresses = member.Addresses;
        var listen = string.Join(',', addresses.ClientUrls);
        List<string> arguments =
        [
            "--name",
            member.Name,
            "--data-dir",
            member.DataFolder,
            "--listen-client-urls",
            listen,
            "--advertise-client-urls",
            options.AdvertisedClientUrl ?? listen,
            "--listen-peer-urls",
            addresses.PeerUrl,
            "--initial-advertise-peer-urls",
            addresses.AdvertisedPeerUrl,
            "--initial-cluster",
            string.Join(',', cluster.Members.Select(other => $"{other.Name}={other.PeerUrl}")),
            "--initial-cluster-token",
            cluster.Token,
            "--initial-cluster-state",
            cluster.IsFormed ? "existing" : "new",
            // Otherwise a member can only be added after all others have been connected for five seconds.
            "--strict-reconfig-check=false",
        ];

        // From 3.5 on this is the only format.
        if (member.Binaries.Version < new Version(3, 5))
            arguments.AddRange(["--logger", "zap"]);
        if (options.HttpApart)
            arguments.AddRange(["--listen-client-http-urls", addresses.HttpUrl]);
        if (options.WalFolder(member.Name) is { } wal)
            arguments.AddRange(["--wal-dir", cluster.Folder.Combine(wal)]);
        if (addresses.MetricsUrl is { } metrics)
            arguments.AddRange(["--listen-metrics-urls", metrics]);
        if ((options.QuotaOf(member.Name) ?? options.QuotaBytes) is { } quota)
            arguments.AddRange(["--quota-backend-bytes", quota.ToString(CultureInfo.InvariantCulture)]);
        if (options.Auth)
            // The lowest cost: hashing a password as in production takes a third of a second per login.
            arguments.AddRange(["--bcrypt-cost", "4"]);
        if (options.AuthTokenTtl is { } ttl)
            arguments.AddRange(["--auth-token-ttl", ((int)ttl.TotalSeconds).ToString(CultureInfo.InvariantCulture)]);
        if (cluster.Certificates is { } certificates)
            arguments.AddRange(ForTls(options.Tls, certificates));

        return [.. arguments, .. options.ExtraArguments];
    }

    private static IEnumerable<string> ForTls(TlsMode tls, ClusterCertificates certificates)
    {
        string[] server = ["--cert-file", certificates.Server.Certificate, "--key-file", certificates.Server.Key];
        string[] clients = tls == TlsMode.Mutual ? ["--client-cert-auth", "--trusted-ca-file", certificates.Ca] : [];
        string[] peers =
        [
            "--peer-cert-file",
            certificates.Peer.Certificate,
            "--peer-key-file",
            certificates.Peer.Key,
            "--peer-client-cert-auth",
            "--peer-trusted-ca-file",
            certificates.Ca,
        ];
        return [.. server, .. clients, .. peers];
    }
}
