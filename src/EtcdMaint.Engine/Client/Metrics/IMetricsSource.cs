using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>A way to read the metrics of a member whose client cannot read them itself.</summary>
internal interface IMetricsSource : IDisposable
{
    /// <summary>Reads the page once.</summary>
    /// <exception cref="DialException">The page could not be read. The failure contains the reason.</exception>
    Task<MemberMetrics> ReadAsync(CallBudget limit);
}
