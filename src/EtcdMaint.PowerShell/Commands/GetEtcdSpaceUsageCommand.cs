using System.Collections.Concurrent;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Shows which keys fill the database of clusters, and who writes them.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdSpaceUsage")]
[OutputType(typeof(EtcdSpaceUsage))]
public sealed class GetEtcdSpaceUsageCommand : ClusterCommand
{
    private const long LeastBytesPerSecond = 64 * 1024;

    private readonly ConcurrentQueue<(EtcdConnection Connection, IReadOnlyList<EtcdSpaceUsage> Rows)> _cut = [];

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

    /// <summary>Whether to count the keys and read no values.</summary>
    [Parameter]
    public SwitchParameter CountOnly { get; set; }

    /// <summary>Whether to read every value.</summary>
    [Parameter]
    public SwitchParameter Exact { get; set; }

    /// <summary>For how long to watch who writes, in seconds. By default, the cmdlet does not watch.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(1, 86400)]
    public int? SampleSeconds { get; set; }

    /// <summary>The largest number of bytes to read from a cluster in a second.</summary>
    [Parameter]
    [ValidateRange(LeastBytesPerSecond, long.MaxValue)]
    public long MaximumBytesPerSecond { get; set; } = SpaceUsageRequest.DefaultMaximumBytesPerSecond;

    /// <summary>
    /// The number of clusters to read at the same time. With the default rate, four fill a network of 1 Gbit/s.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Finds the state of the runspace, which only the pipeline thread can do.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _prefixes = RunspaceConnections.Current.Prefixes;
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
        foreach ((EtcdConnection connection, IReadOnlyList<EtcdSpaceUsage> rows) in _cut)
        {
            screen.WriteWarningLine(StoppedSpaceUsage.Summary(connection, rows.Count));
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
            if (cancellationToken.IsCancellationRequested && rows.Count > 0)
                _cut.Enqueue((work.Connection, rows));
        }
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
