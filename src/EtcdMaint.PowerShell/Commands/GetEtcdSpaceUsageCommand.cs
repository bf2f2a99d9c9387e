using System.Collections.Concurrent;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Shows which keys fill the database of clusters, and who writes them; or what a snapshot file contains, and which
/// keys have the most history.
/// </summary>
[Cmdlet(VerbsCommon.Get, "EtcdSpaceUsage", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(EtcdSpaceUsage))]
public sealed class GetEtcdSpaceUsageCommand : ClusterCommand
{
    private const string ClusterSet = "Cluster";

    private const string SnapshotSet = "Snapshot";

    private const long LeastBytesPerSecond = 64 * 1024;

    private readonly ConcurrentQueue<(string Source, IReadOnlyList<EtcdSpaceUsage> Rows)> _cut = [];

    private FoundPrefixes? _prefixes;

    /// <summary>The prefix of the keys. By default, the cmdlet includes all keys.</summary>
    [Parameter]
    [Narrowing]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public string? Prefix { get; set; }

    /// <summary>By how many parts of their names keys are grouped.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(1, 64)]
    public int? Depth { get; set; }

    /// <summary>
    /// The file of a snapshot, or a copy of the database file of a member, to read instead of a cluster.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = SnapshotSet)]
    [ValidateNotNullOrEmpty]
    public string SnapshotPath { get; set; } = "";

    /// <summary>Whether to count the keys and read no values.</summary>
    [Parameter(ParameterSetName = ClusterSet)]
    public SwitchParameter CountOnly { get; set; }

    /// <summary>Whether to read every value.</summary>
    [Parameter(ParameterSetName = ClusterSet)]
    public SwitchParameter Exact { get; set; }

    /// <summary>For how long to watch who writes, in seconds. By default, the cmdlet does not watch.</summary>
    [Parameter(ParameterSetName = ClusterSet)]
    [Narrowing(typeof(int))]
    [OptionalRange(1, 86400)]
    public int? SampleSeconds { get; set; }

    /// <summary>The largest number of bytes to read from a cluster in a second.</summary>
    [Parameter(ParameterSetName = ClusterSet)]
    [ValidateRange(LeastBytesPerSecond, long.MaxValue)]
    public long MaximumBytesPerSecond { get; set; } = SpaceUsageRequest.DefaultMaximumBytesPerSecond;

    /// <summary>
    /// The number of clusters to read at the same time. With the default rate, four fill a network of 1 Gbit/s.
    /// </summary>
    [Parameter(ParameterSetName = ClusterSet)]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The connections to the clusters.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ClusterSet)]
    public override EtcdConnection[]? Connection { get; set; }

    /// <summary>Finds the state of the runspace, which only the pipeline thread can do.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _prefixes = RunspaceConnections.Current.Prefixes;
    }

    /// <summary>Reads the file, or the clusters of the collected input.</summary>
    protected override void EndProcessing()
    {
        if (ParameterSetName != SnapshotSet || WhyNothing() is not null)
        {
            base.EndProcessing();
            return;
        }
        Check(() =>
        {
            string path = FullPath(SnapshotPath);
            Run(
                (pump, cancellationToken) =>
                {
                    ReadSnapshot(path, pump, cancellationToken);
                    return Task.CompletedTask;
                }
            );
        });
    }

    private protected override void CheckArguments()
    {
        if (CountOnly && Exact)
            throw InputErrors.SpaceRulesConflict();
    }

    private protected override Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) =>
        new ClusterScheduler(ThrottleLimit, changes: false).RunAsync(
            [.. connections.Select(connection => new ClusterWork(connection) { IsWhole = true })],
            ReadAsync,
            observer,
            cancellationToken
        );

    /// <summary>The cmdlet can no longer emit output, so the host shows what was found.</summary>
    private protected override void OnPipelineStopped()
    {
        // If a later cmdlet ends the pipeline, such as Select-Object -First, it has received all rows that it needs.
        if (!Stopping || Host?.UI is not { } screen)
            return;
        foreach ((string source, IReadOnlyList<EtcdSpaceUsage> rows) in _cut)
        {
            screen.WriteWarningLine(StoppedSpaceUsage.Summary(source, rows.Count));
            foreach (string line in StoppedSpaceUsage.Table(rows, ScreenWidth.Now()))
                screen.WriteLine(line);
        }
    }

    private async Task ReadAsync(ClusterWork work, IRunObserver observer, CancellationToken cancellationToken)
    {
        var collector = new SpaceUsageObserver(observer);
        try
        {
            await work.Connection.Cluster.GetSpaceUsageAsync(ToRequest(), collector, cancellationToken);
        }
        finally
        {
            IReadOnlyList<EtcdSpaceUsage> rows = collector.Rows;
            _prefixes!.Keep(work.Connection, Prefix ?? "", rows);
            Keep($"{work.Connection}", rows, cancellationToken);
        }
    }

    private void ReadSnapshot(string path, IRunObserver observer, CancellationToken cancellationToken)
    {
        var collector = new SpaceUsageObserver(observer);
        var request = new SnapshotUsageRequest
        {
            Path = path,
            Prefix = Prefix ?? "",
            Depth = Depth,
        };
        try
        {
            EngineSource.Engine.GetSnapshotUsage(request, collector, cancellationToken);
        }
        catch (EtcdException error) when (!InputErrors.IsOfArgument(error))
        {
            observer.ReportError(error);
        }
        finally
        {
            Keep(Path.GetFileName(path), collector.Rows, cancellationToken);
        }
    }

    /// <summary>Keeps rows that a stopped pipeline no longer receives.</summary>
    private void Keep(string source, IReadOnlyList<EtcdSpaceUsage> rows, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && rows.Count > 0)
            _cut.Enqueue((source, rows));
    }

    private SpaceUsageRequest ToRequest() =>
        new()
        {
            Prefix = Prefix ?? "",
            Depth = Depth,
            CountOnly = CountOnly,
            Exact = Exact,
            SampleTime = TimeSpan.FromSeconds(SampleSeconds ?? 0),
            MaximumBytesPerSecond = MaximumBytesPerSecond,
            CallTimeout = CallTimeout,
        };
}
