using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>A cluster of real etcd processes, and a connection of the engine to it.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Over plain endpoints the disk is unknown, and some of the tested releases are refused for that reason.
    /// </summary>
    public static readonly IReadOnlySet<EtcdGate> UnseenDisk = new HashSet<EtcdGate> { EtcdGate.DiskSpaceUnknown };

    private readonly bool _isEtcdShared;

    private RealCluster(TestEtcdCluster etcd, EtcdConnection connection, bool isEtcdShared = false)
    {
        _isEtcdShared = isEtcdShared;
        Etcd = etcd;
        Connection = connection;
    }

    public TestEtcdCluster Etcd { get; }

    public EtcdConnection Connection { get; }

    public IEtcdCluster Cluster => Connection.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RealCluster> StartAsync(ClusterOptions options)
    {
        TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(options, Cancellation);
        return await ConnectAsync(etcd, RequestFor(etcd));
    }

    /// <summary>The same with another access.</summary>
    public static async Task<RealCluster> StartAsync(
        ClusterOptions options,
        Func<TestEtcdCluster, ConnectRequest> access
    )
    {
        TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(options, Cancellation);
        try
        {
            return await ConnectAsync(etcd, access(etcd));
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another access to a cluster that is already running.</summary>
    public static async Task<RealCluster> ConnectAsync(TestEtcdCluster etcd, ConnectRequest request) =>
        new(etcd, await ConnectAsync(request));

    /// <summary>A connection to a cluster that other tests use too, so that only the connection is closed.</summary>
    public static async Task<RealCluster> ConnectToSharedAsync(TestEtcdCluster etcd, ConnectRequest request) =>
        new(etcd, await ConnectAsync(request), isEtcdShared: true);

    public static EndpointConnectRequest RequestFor(TestEtcdCluster etcd) =>
        new()
        {
            Endpoint = [.. etcd.ClientUrls],
            ClusterName = "test",
            CallTimeout = Timeout,
            UserName = etcd.Options.Auth ? ClusterUsers.Root.Name : null,
            Password = etcd.Options.Auth ? Secret(ClusterUsers.Root.Password) : null,
            Tls = etcd.Certificates is not { } certificates
                ? new TlsRequest()
                : new TlsRequest
                {
                    CACertificate = CertificateSource.FromFile(certificates.Ca),
                    ClientCertificate = CertificateSource.FromFile(certificates.Client.Certificate),
                    ClientKey = CertificateSource.FromFile(certificates.Client.Key),
                },
        };

    public static Task<EtcdConnection> ConnectAsync(ConnectRequest request) =>
        new EtcdEngine().ConnectAsync(request, new RunRecorder(), Cancellation);

    public static System.Security.SecureString Secret(string text)
    {
        var secret = new System.Security.SecureString();
        foreach (char c in text)
            secret.AppendChar(c);
        return secret;
    }

    public async Task<IReadOnlyList<MemberTarget>> TargetsAsync() =>
        [.. (await Cluster.GetMembersAsync(Timeout, new RunRecorder(), Cancellation)).Select(m => new MemberTarget(m))];

    public async Task<IReadOnlyList<EtcdMemberStatus>> StatusAsync()
    {
        var recorder = new RunRecorder();
        await Cluster.GetStatusAsync(null, Timeout, recorder, Cancellation);
        return recorder.Rows<EtcdMemberStatus>();
    }

    public async Task<RunRecorder> CompactAsync(long? revision = null, long keep = 0)
    {
        var recorder = new RunRecorder();
        var request = new CompactionRequest
        {
            Targets = await TargetsAsync(),
            Revision = revision,
            KeepRevisions = keep,
            CallTimeout = Timeout,
        };
        await Cluster.CompactAsync(request, recorder, Cancellation);
        return recorder;
    }

    public async Task<RunRecorder> DefragmentAsync(
        Func<DefragRequest, DefragRequest>? with = null,
        RunRecorder? recorder = null,
        CancellationToken? stop = null
    )
    {
        recorder ??= new RunRecorder();
        var request = new DefragRequest
        {
            Targets = await TargetsAsync(),
            CallTimeout = Timeout,
            StopTimeout = TimeSpan.FromMinutes(5),
            Override = UnseenDisk,
        };
        Task run = Cluster.DefragmentAsync(with?.Invoke(request) ?? request, recorder, stop ?? CancellationToken.None);
        await recorder.EndOf(run);
        return recorder;
    }

    public async Task<RunRecorder> ClearAlarmsAsync(Func<AlarmClearRequest, AlarmClearRequest>? with = null)
    {
        var recorder = new RunRecorder();
        var request = new AlarmClearRequest { MaximumQuotaUsedRatio = 0.9, CallTimeout = Timeout };
        await Cluster.ClearAlarmsAsync(with?.Invoke(request) ?? request, recorder, Cancellation);
        return recorder;
    }

    /// <summary>The logs of the servers, for the message of a failing test.</summary>
    public string Logs() =>
        string.Join(
            Environment.NewLine,
            Etcd.Members.Select(m => $"--- {m}\n{string.Join('\n', m.ReadLog().Split('\n').TakeLast(30))}")
        );

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        if (!_isEtcdShared)
            await Etcd.DisposeAsync();
    }
}
