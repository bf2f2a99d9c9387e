using EtcdMaint.Engine.Connecting.Kubernetes;

namespace EtcdMaint.Engine.Client;

/// <summary>Where a member is reached, in words for people.</summary>
/// <param name="Endpoint">A URL, or what else leads there.</param>
internal sealed record MemberAddress(string Endpoint, string? PodName = null, string? NodeName = null)
{
    /// <summary>The name of the member that is expected there; null where nothing tells.</summary>
    public string? MemberName { get; init; }

    /// <summary>
    /// The quota by the settings of the process there, negative for no limit; null where it is not certain.
    /// </summary>
    public long? QuotaBytes { get; init; }

    /// <summary>How long the member may stand still before something kills it; null where nothing does.</summary>
    public TimeSpan? ProbeBudget { get; init; }

    public override string ToString() =>
        PodName is null || Endpoint.Contains(PodName, StringComparison.Ordinal)
            ? Endpoint
            : $"{Endpoint} (pod {PodName})";
}
