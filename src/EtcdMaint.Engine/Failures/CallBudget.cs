namespace EtcdMaint.Engine.Failures;

/// <summary>How long one call may take, and what ends it early.</summary>
internal readonly record struct CallBudget(TimeSpan Timeout, CancellationToken Stop)
{
    public CallBudget AtMost(TimeSpan timeout) => timeout < Timeout ? this with { Timeout = timeout } : this;
}
