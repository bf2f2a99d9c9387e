using EtcdMaint.Engine.Connecting.Kubernetes;

namespace EtcdMaint.Engine.Client;

/// <summary>The address of a member, for messages.</summary>
/// <param name="Endpoint">A URL or another description of the address.</param>
internal sealed record MemberAddress(string Endpoint, string? PodName = null, string? NodeName = null)
{
    /// <summary>The name of the expected member, or null if it is unknown.</summary>
    public string? MemberName { get; init; }

    /// <summary>
    /// The quota in the settings of the process, negative for no limit, or null if it is not certain.
    /// </summary>
    public long? QuotaBytes { get; init; }

    /// <summary>How long the member may be unavailable before a probe ends it, or null if no probe does.</summary>
    public TimeSpan? ProbeBudget { get; init; }

    public override string ToString() =>
        PodName is null || Endpoint.Contains(PodName, StringComparison.Ordinal)
            ? Endpoint
            : $"{Endpoint} (pod {PodName})";
}
