using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>Determines on one node how its member is reached, and creates the client for it.</summary>
internal sealed class SshNode(
    SshConnectRequest request,
    SshConnection connection,
    EtcdEndpoint? given,
    TlsSettings? stream,
    Login? login
)
{
    private const string Etcdctl = "etcdctl";

    // The PATH of a shell without a login is short.
    private static readonly string[] UsualPlaces =
    [
        Etcdctl,
        "/usr/local/bin/etcdctl",
        "/opt/bin/etcdctl",
        "/usr/bin/etcdctl",
    ];

    public MemberAddress Place { get; } = new(connection.Target.ToString(), NodeName: connection.Target.Destination);

    /// <exception cref="MemberCallException">The node, its container or its etcdctl was not found.</exception>
    public async Task<IMemberClient> OpenAsync(CallBudget limit)
    {
        var node = new SshCommandRunner(connection);
        try
        {
            NodeEtcd etcd = await new NodeSearch(node, request, given, Place.Endpoint)
                .FindAsync(entersContainers: stream is null, limit)
                .ConfigureAwait(false);
            IDiskGauge? disk = etcd.Certain is null ? null : new NodeDisk(node, etcd.Certain);
            EtcdEndpoint endpoint = given ?? etcd.Process?.Endpoints.FirstOrDefault() ?? Usual();
            return stream is not null
                ? new GrpcMemberClient(
                    Place with
                    {
                        QuotaBytes = etcd.Certain?.QuotaBytes,
                    },
                    endpoint,
                    new SshDialer(connection),
                    stream,
                    login,
                    disk
                )
                : await OpenEtcdctlAsync(node, etcd, endpoint, disk, limit).ConfigureAwait(false);
        }
        catch (DialException failed)
        {
            throw MemberCallException.Create(failed.Failure, Place, failed.Message, failed);
        }
    }

    /// <summary>
    /// Reads the settings of the process again, because it may have been restarted with others since the connection was
    /// made. Returns null if they are not visible.
    /// </summary>
    public async Task<MemberSettings?> ReadSettingsAsync(CallBudget limit)
    {
        try
        {
            NodeEtcd etcd = await new NodeSearch(new SshCommandRunner(connection), request, given, Place.Endpoint)
                .FindAsync(entersContainers: stream is null, limit)
                .ConfigureAwait(false);
            return etcd.Certain?.ToSettings();
        }
        catch (Exception failed) when (failed is DialException or EtcdException)
        {
            limit.Stop.ThrowIfCancellationRequested();
            return null;
        }
    }

    private EtcdEndpoint Usual() =>
        new(
            stream is not null
                ? !request.Tls.IsEmpty
                : request.RemoteClientCertificatePath is not null || request.RemoteCACertificatePath is not null,
            "127.0.0.1",
            EtcdEndpoint.DefaultPort
        );

    private async Task<IMemberClient> OpenEtcdctlAsync(
        SshCommandRunner node,
        NodeEtcd etcd,
        EtcdEndpoint endpoint,
        IDiskGauge? disk,
        CallBudget limit
    )
    {
        EtcdProcess? process = etcd.Certain;
        var settings = new EtcdctlSettings
        {
            Program = Etcdctl,
            Endpoint = endpoint,
            IsBesideMember = true,
            CAFile = request.RemoteCACertificatePath ?? process?.Authority,
            CertificateFile = request.RemoteClientCertificatePath ?? process?.ServerCertificate,
            KeyFile = request.RemoteClientKeyPath ?? process?.ServerKey,
            SkipCertificateCheck = request.Tls.SkipCertificateCheck,
            Login = request is { UserName: { } user, Password: { } password } ? new EtcdctlLogin(user, password) : null,
        };
        ICommandRunner reader =
            etcd.Container?.Enter() ?? await AsReaderOfAsync(settings.KeyFile, node, limit).ConfigureAwait(false);
        var runner = new ProgramFinder(reader, Etcdctl, request.EtcdctlPath is { } path ? [path] : UsualPlaces);
        await RequireEtcdctlAsync(runner, etcd.PassedOver, limit).ConfigureAwait(false);
        var metrics = new MetricsReader(
            [.. StreamedMetrics(process, endpoint), new CurlMetricsSource(reader, settings)],
            TimeProvider.System
        );
        return new EtcdctlMemberClient(
            Place with
            {
                QuotaBytes = process?.QuotaBytes,
            },
            settings,
            runner,
            disk,
            metrics
        );
    }

    /// <summary>Reads metrics through streams at the URLs without TLS, as seen from the node.</summary>
    private IEnumerable<IMetricsSource> StreamedMetrics(EtcdProcess? process, EtcdEndpoint endpoint) =>
        (process?.PlainMetrics ?? [])
            .Append(endpoint)
            .Where(e => !e.IsTls)
            .Distinct()
            .Select(e => new HttpMetricsSource(e, new SshDialer(connection)));

    /// <summary>Uses sudo if only root can read the key.</summary>
    private static async Task<ICommandRunner> AsReaderOfAsync(string? keyFile, ICommandRunner node, CallBudget limit)
    {
        if (keyFile is null || await MayReadAsync(node, keyFile, limit).ConfigureAwait(false))
            return node;
        var sudo = new SudoCommandRunner(node);
        return await MayReadAsync(sudo, keyFile, limit).ConfigureAwait(false) ? sudo : node;
    }

    private static async Task<bool> MayReadAsync(ICommandRunner runner, string file, CallBudget limit)
    {
        try
        {
            return (await runner.RunAsync("test", ["-r", file], default, limit).ConfigureAwait(false)).ExitCode == 0;
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
        {
            return false;
        }
    }

    private static async Task RequireEtcdctlAsync(ICommandRunner runner, string passedOver, CallBudget limit)
    {
        try
        {
            await runner.RunAsync(Etcdctl, ["version"], default, limit).ConfigureAwait(false);
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing && passedOver.Length > 0)
        {
            throw new DialException(missing.Failure, $"{missing.Message.TrimEnd('.')}; {passedOver}", missing);
        }
    }
}
