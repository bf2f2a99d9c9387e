using EtcdMaint.Monitoring;

namespace EtcdMaint.Cmdlets;

/// <summary>What one reading of a cluster found.</summary>
internal sealed record ClusterReading(
    string ClusterName,
    IReadOnlyList<ObservedStatus> Members,
    IReadOnlyList<EtcdException> Errors,
    IReadOnlyList<string> Warnings
);
