using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>One means of reading a member's metrics beside the client that cannot read them itself.</summary>
internal interface IMetricsSource : IDisposable
{
    /// <summary>Reads the page once.</summary>
    /// <exception cref="DialException">The page could not be read; the failure says why.</exception>
    Task<MemberMetrics> ReadAsync(CallBudget limit);
}
