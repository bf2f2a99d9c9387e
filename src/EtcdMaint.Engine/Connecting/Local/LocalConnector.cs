using System.Net;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Local;

/// <summary>Connects through an etcdctl on this machine.</summary>
internal static class LocalConnector
{
    public static async Task<FoundCluster> OpenAsync(
        LocalConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        bool isTls = !request.Tls.IsEmpty;
        EtcdEndpoint[] given =
        [
            .. request
                .Endpoint.SelectMany(e =>
                    e.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                )
                .Select(e => EtcdEndpoint.Parse(e, isTls))
                .Distinct(),
        ];
        ClearTextWarning.Warn(given, request, observer);
        var runner = new LocalCommandRunner(Environment(request));
        EtcdProcess? process =
            given.Length > 1
                ? null
                : await FindAsync(
                        runner,
                        given.FirstOrDefault(),
                        new CallBudget(request.CallTimeout, cancellationToken)
                    )
                    .ConfigureAwait(false);
        if (given.Length == 0)
            given = [process?.Endpoints.FirstOrDefault() ?? throw NoEtcdHere()];

        // If the process has a network of its own, another process may answer here, so none of its settings is certain.
        EtcdProcess? certain = process is { IsElsewhere: false } ? process : null;
        EtcdctlSettings settings = Settings(request, certain) with { Endpoint = given[0] };
        observer.LogVerbose($"{settings.Program} calls {string.Join(", ", given.AsEnumerable())}.");
        return new FoundCluster(
            request.ClusterName ?? given[0].Host,
            EtcdAccess.LocalCommand,
            [.. given.Select(e => e.ToString())],
            request.UserName,
            new LocalMemberSource(given, request.Password is not null, settings, runner, certain)
        );
    }

    /// <summary>Only the user of a process can read its environment, unlike its command line.</summary>
    private static Dictionary<string, string>? Environment(LocalConnectRequest request) =>
        request is { UserName: { } user, Password: { } password }
            ? new() { ["ETCDCTL_USER"] = user, ["ETCDCTL_PASSWORD"] = new NetworkCredential("", password).Password }
            : null;

    private static async Task<EtcdProcess?> FindAsync(LocalCommandRunner runner, EtcdEndpoint? given, CallBudget limit)
    {
        if (given is { IsLoopback: false })
            return null;
        try
        {
            return await EtcdProcessFinder.FindAsync(runner, given, "this machine", limit).ConfigureAwait(false);
        }
        catch (DialException)
        {
            // This is Windows, which has no such shell.
            return null;
        }
    }

    private static EtcdctlSettings Settings(LocalConnectRequest request, EtcdProcess? process)
    {
        TlsRequest tls = request.Tls;
        string? certificate = PathOf(tls.ClientCertificate);
        return new EtcdctlSettings
        {
            Program = request.EtcdctlPath,
            Endpoint = new EtcdEndpoint(false, "localhost", EtcdEndpoint.DefaultPort),
            CAFile = PathOf(tls.CACertificate) ?? process?.Authority,
            CertificateFile = certificate ?? process?.ServerCertificate,
            KeyFile = certificate is null ? process?.ServerKey : PathOf(tls.ClientKey),
            SkipCertificateCheck = tls.SkipCertificateCheck,
            OwnsEnvironment = true,
        };
    }

    private static string? PathOf(CertificateSource? source) =>
        source is null or { Path: not null }
            ? source?.Path
            : throw new EtcdException(
                ErrorIds.CertificateNotAFile,
                EtcdErrorCategory.InvalidArgument,
                $"etcdctl reads certificates from files only, but {source} was specified.",
                "Specify the path of a PEM file, or use -Endpoint instead of -EtcdctlPath.",
                source
            );

    private static EtcdException NoEtcdHere() =>
        new(
            ErrorIds.NoEtcdHere,
            EtcdErrorCategory.ObjectNotFound,
            "No etcd was found running on this machine.",
            "Specify the client URL of the member with -Endpoint."
        );
}
