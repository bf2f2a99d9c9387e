using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Local;

/// <summary>
/// Reaches members through an etcdctl on this machine: first the specified endpoints, then the advertised ones.
/// </summary>
internal sealed class LocalMemberSource(
    IReadOnlyList<EtcdEndpoint> given,
    bool hasPassword,
    EtcdctlSettings settings,
    ICommandRunner runner,
    EtcdProcess? here
) : IMemberSource
{
    private static readonly TcpDialer Network = new();

    private readonly AdvertisedEndpoints _advertised = new(given, hasPassword);
    private readonly ConcurrentDictionary<EtcdEndpoint, IMemberClient> _clients = new();

    public bool RunsPrograms => true;

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. given.Select(e => Open(e, here))]);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) =>
        [.. _advertised.Choose(member).Select(e => Open(e, null))];

    public string? WhyNotTried(MemberEntry member) => _advertised.WhyNotTried(member);

    /// <summary>
    /// Reads the settings of the process that listens at the endpoint of this machine. It may have been restarted with
    /// others since the connection was made.
    /// </summary>
    public async Task<MemberSettings?> ReadSettingsAsync(IMemberClient client, CallBudget limit)
    {
        if (_clients.FirstOrDefault(c => c.Value == client).Key is not { IsLoopback: true } endpoint)
            return null;
        try
        {
            EtcdProcess? process = await EtcdProcessFinder
                .FindAsync(runner, endpoint, "this machine", limit)
                .ConfigureAwait(false);
            return process is { IsElsewhere: false } ? process.ToSettings() : null;
        }
        catch (Exception failed) when (failed is DialException or EtcdException)
        {
            limit.Stop.ThrowIfCancellationRequested();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in _clients.Values)
            await client.DisposeAsync().ConfigureAwait(false);
    }

    private IMemberClient Open(EtcdEndpoint endpoint, EtcdProcess? process) =>
        _clients.GetOrAdd(
            endpoint,
            e => new EtcdctlMemberClient(
                new MemberAddress(e.ToString()) { QuotaBytes = process?.QuotaBytes },
                settings with
                {
                    Endpoint = e,
                },
                runner,
                process is null ? null : new NodeDisk(runner, process),
                new MetricsReader(Metrics(e, process), TimeProvider.System)
            )
        );

    /// <summary>
    /// Reads metrics at the URLs of the process without TLS, and at the client URL with the certificate files of
    /// etcdctl.
    /// </summary>
    private IEnumerable<IMetricsSource> Metrics(EtcdEndpoint endpoint, EtcdProcess? process) =>
        (process?.PlainMetrics ?? [])
            .Append(endpoint)
            .Distinct()
            .Select(e => new HttpMetricsSource(e, Network, LoadTls));

    private TlsSettings LoadTls() =>
        TlsLoader.Load(
            new TlsRequest
            {
                CACertificate = Source(settings.CAFile),
                ClientCertificate = Source(settings.CertificateFile),
                ClientKey = Source(settings.KeyFile),
                SkipCertificateCheck = settings.SkipCertificateCheck,
            }
        );

    private static CertificateSource? Source(string? file) => file is null ? null : CertificateSource.FromFile(file);
}
