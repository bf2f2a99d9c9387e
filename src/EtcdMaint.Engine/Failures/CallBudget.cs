namespace EtcdMaint.Engine.Failures;

/// <summary>The time limit of one call, and the token that cancels it.</summary>
internal readonly record struct CallBudget(TimeSpan Timeout, CancellationToken Stop)
{
    public CallBudget AtMost(TimeSpan timeout) => timeout < Timeout ? this with { Timeout = timeout } : this;
}
