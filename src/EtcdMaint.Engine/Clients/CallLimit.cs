namespace EtcdMaint.Engine.Clients;

/// <summary>How long one call may take, and what ends it early.</summary>
internal readonly record struct CallLimit(TimeSpan Timeout, CancellationToken Stop)
{
    public CallLimit AtMost(TimeSpan timeout) => timeout < Timeout ? this with { Timeout = timeout } : this;
}
