using System.Collections.Concurrent;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>What the API server is to do wrong, until it is told otherwise.</summary>
public sealed class ApiFaults
{
    private readonly ConcurrentDictionary<ApiKind, RefusalPlan> _refusals = new();

    /// <summary>Bytes after which a port-forward or exec stream is cut without a word; null for never.</summary>
    public long? CutAfterBytes { get; set; }

    /// <summary>Whether streams take everything and answer nothing.</summary>
    public bool AreStreamsSilent { get; set; }

    /// <summary>Whether the first thing on a stream is on a channel that does not exist, with no port in it.</summary>
    public bool SendsNonsense { get; set; }

    /// <summary>Whether the status at the end of an exec is left out.</summary>
    public bool LosesStatus { get; set; }

    /// <summary>The pause before each piece of an exec's output.</summary>
    public TimeSpan OutputPause { get; set; }

    /// <summary>The most bytes of output that go into one message.</summary>
    public int OutputPiece { get; set; } = 32 * 1024;

    /// <summary>Refuses the next requests of a kind, then goes on as usual.</summary>
    public void Refuse(ApiKind kind, int code, int times = int.MaxValue, TimeSpan? retryAfter = null, string message = "the test server is told to refuse") =>
        _refusals[kind] = new RefusalPlan(code, times, retryAfter, message);

    public void Clear()
    {
        _refusals.Clear();
        CutAfterBytes = null;
        AreStreamsSilent = SendsNonsense = LosesStatus = false;
        OutputPause = TimeSpan.Zero;
        OutputPiece = 32 * 1024;
    }

    internal RefusalPlan? Next(ApiKind kind)
    {
        if (!_refusals.TryGetValue(kind, out RefusalPlan? plan))
            return null;
        return plan.TakeOne() ? plan : null;
    }

    internal sealed class RefusalPlan(int code, int times, TimeSpan? retryAfter, string message)
    {
        private int _left = times;

        public int Code { get; } = code;

        public TimeSpan? RetryAfter { get; } = retryAfter;

        public string Message { get; } = message;

        public bool TakeOne() => Interlocked.Decrement(ref _left) >= 0;
    }
}

/// <summary>The kinds of requests that the API server knows.</summary>
public enum ApiKind
{
    List,
    Get,
    Exec,
    PortForward,
    Stats,
}
