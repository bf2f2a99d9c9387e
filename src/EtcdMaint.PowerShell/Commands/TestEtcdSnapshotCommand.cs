using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Reads snapshot files without etcd, and compares them with their clusters. A file is tested as soon as it arrives.
/// The cmdlet compares only over a connection that exists, because a file can be read without a cluster.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "EtcdSnapshot", DefaultParameterSetName = ByPath)]
[OutputType(typeof(EtcdSnapshotReport), typeof(bool))]
public sealed class TestEtcdSnapshotCommand : EtcdCommand
{
    private const string ByPath = "Path";

    private const string ByLiteralPath = "LiteralPath";

    private const string BySnapshot = "Snapshot";

    /// <summary>The files. Wildcards are allowed.</summary>
    [Parameter(
        Mandatory = true,
        Position = 0,
        ParameterSetName = ByPath,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true
    )]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The files, without wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The snapshots of <c>Save-EtcdSnapshot</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BySnapshot, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public EtcdSnapshot[]? InputObject { get; set; }

    /// <summary>The connections to the clusters with which the files are compared.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public EtcdConnection[]? Connection { get; set; }

    /// <summary>Whether to return only true or false for each file.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Tests the files of the record.</summary>
    protected override void ProcessRecord()
    {
        foreach ((string path, EtcdConnection? origin) in Files())
        {
            EtcdConnection[] connections = [.. ConnectionsFor(origin)];
            Run((pump, cancellationToken) => TestAsync(path, connections, pump, cancellationToken));
        }
    }

    private IEnumerable<(string Path, EtcdConnection? Origin)> Files() =>
        ParameterSetName switch
        {
            BySnapshot => InputObject!.SelectMany(snapshot =>
                Resolve(snapshot.Path, isLiteral: true).Select(path => (path, snapshot.Member?.Connection))
            ),
            ByLiteralPath => LiteralPath!
                .SelectMany(path => Resolve(path, isLiteral: true))
                .Select(path => (path, (EtcdConnection?)null)),
            _ => Path!
                .SelectMany(path => Resolve(path, isLiteral: false))
                .Select(path => (path, (EtcdConnection?)null)),
        };

    /// <summary>
    /// Returns the specified connections, or that of the snapshot, or the default connection. Without any of them, the
    /// file is not compared.
    /// </summary>
    private IEnumerable<EtcdConnection> ConnectionsFor(EtcdConnection? origin)
    {
        if (IsBound(nameof(Connection)))
            return (Connection ?? []).Where(connection => connection is not null);
        EtcdConnection? found = origin is { IsOpen: true } ? origin : RunspaceConnections.Current.Default;
        if (found is not { IsOpen: true })
            return [];
        WriteVerbose($"Comparing with cluster '{found}'.");
        return [found];
    }

    /// <summary>
    /// Returns the full paths of files. A file whose name contains wildcards as they are written comes first.
    /// </summary>
    private IReadOnlyList<string> Resolve(string path, bool isLiteral)
    {
        try
        {
            string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
                throw InputErrors.SnapshotPathNotFile(path);
            if (isLiteral || File.Exists(full) || !WildcardPattern.ContainsWildcardCharacters(path))
                return [full];
            string[] found =
            [
                .. SessionState
                    .Path.GetResolvedProviderPathFromPSPath(path, out _)
                    .Where(file => !Directory.Exists(file)),
            ];
            return found.Length > 0 ? found : throw InputErrors.SnapshotNotFound(path);
        }
        catch (EtcdException error)
        {
            WriteError(error.ToErrorRecord());
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            // A drive or a provider that does not exist.
            WriteError(error.ErrorRecord);
        }
        return [];
    }

    private async Task TestAsync(
        string path,
        EtcdConnection[] connections,
        PipelinePump pump,
        CancellationToken cancellationToken
    )
    {
        if (connections.Length == 0)
            await TestAsync(() => EngineSource.Engine.TestSnapshotAsync(path, pump, cancellationToken), pump);
        var request = new SnapshotTestRequest { Path = path, CallTimeout = CallTimeout };
        foreach (EtcdConnection connection in connections)
            await TestAsync(
                () =>
                    connection.IsOpen
                        ? connection.Cluster.TestSnapshotAsync(request, pump, cancellationToken)
                        : throw ConnectionErrors.Closed(connection),
                pump
            );
    }

    private async Task TestAsync(Func<Task<EtcdSnapshotReport>> test, PipelinePump pump)
    {
        try
        {
            EtcdSnapshotReport report = await test();
            pump.Emit(Quiet ? report.IsValid && report.MatchesCluster is not false : report);
        }
        catch (EtcdException error)
        {
            pump.ReportError(error);
        }
    }
}
