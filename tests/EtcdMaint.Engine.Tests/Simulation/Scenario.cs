namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A member at the start of a scenario. Sizes are in MB.</summary>
internal sealed record MemberShape(
    int Size,
    int InUse,
    double SecondsPerGigabyte = 10,
    bool IsLearner = false,
    bool HasMetrics = true,
    string Version = "3.5.30",
    UpstreamState? Given = UpstreamState.Done,
    bool SeesDisk = true,
    bool IsNonBlocking = false
)
{
    public override string ToString() =>
        $"({(IsLearner ? "learner " : "")}{Version} {InUse} of {Size} MB in use, {SecondsPerGigabyte:0.#} "
        + $"s/GB{(IsNonBlocking ? ", non-blocking" : "")}{(HasMetrics ? "" : ", no metrics")}"
        + $"{(SeesDisk ? "" : ", disk not seen")}, "
        + $"{Given?.ToString() ?? "not given"})";
}

/// <summary>A complete run: the cluster, the faults, and the request.</summary>
internal sealed record Scenario
{
    public required MemberShape[] Members { get; init; }

    public int Leader { get; init; }

    public double WritesPerSecond { get; init; }

    public TimeSpan CompactsIn { get; init; } = TimeSpan.FromMilliseconds(200);

    public Fault[] Faults { get; init; } = [];

    public bool IsPlanOnly { get; init; }

    public bool RequiresMove { get; init; }

    public bool ContinuesOnError { get; init; }

    public bool TakesNoClusterLock { get; init; }

    public EtcdGate[] Overrides { get; init; } = [];

    public TimeSpan? NotAfter { get; init; }

    public TimeSpan? DefragTimeout { get; init; }

    public TimeSpan? MaximumStall { get; init; }

    /// <summary>When the user stops the run; null for never.</summary>
    public TimeSpan? StopsAfter { get; init; }

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the user waits before answering yes.</summary>
    public TimeSpan Thinks { get; init; }

    /// <summary>The duration of the user's rule.</summary>
    public TimeSpan? RuleTakes { get; init; }

    /// <summary>Members for which the user's rule is false.</summary>
    public int RuleRefusesFrom { get; init; } = int.MaxValue;

    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            [
                $"members {string.Join(" ", Members.Select((m, i) => $"m{i}{m}"))}, m{Leader} leads, "
                    + $"{WritesPerSecond:0} writes/s",
                .. Faults.Select(f => $"  {f}"),
                $"  plan only {IsPlanOnly}, move {RequiresMove}, continue {ContinuesOnError}, no cluster "
                    + $"lock {TakesNoClusterLock}, override [{string.Join(", ", Overrides)}]",
                $"  not after {NotAfter}, limit {DefragTimeout}, stall {MaximumStall}, stop after "
                    + $"{StopsAfter} wait {StopTimeout}, thinks {Thinks}, rule takes {RuleTakes}",
            ]
        );
}
