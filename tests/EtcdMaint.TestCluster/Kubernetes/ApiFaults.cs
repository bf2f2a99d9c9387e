using System.Collections.Concurrent;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>What the API server is to do wrong, until it is told otherwise.</summary>
public sealed class ApiFaults
{
    private readonly ConcurrentDictionary<ApiKind, RefusalPlan> _refusals = new();
    private readonly ConcurrentDictionary<string, ExecBreak> _execs = new(StringComparer.Ordinal);
    private TaskCompletionSource<string> _forwardsBroke = NewBreak();
    private int _expiredPages;

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
    public void Refuse(
        ApiKind kind,
        int code,
        int times = int.MaxValue,
        TimeSpan? retryAfter = null,
        string message = "the test server is told to refuse"
    ) => _refusals[kind] = new RefusalPlan(code, times, retryAfter, message);

    /// <summary>Breaks every exec of a command with this argument, after what it runs is really done.</summary>
    public void BreakExec(string argument, ExecBreak how) => _execs[argument] = how;

    /// <summary>
    /// Has the node give up all forwarded ports of the moment, with these words; later ones are well.
    /// </summary>
    public void BreakForwards(string said) => Interlocked.Exchange(ref _forwardsBroke, NewBreak()).SetResult(said);

    /// <summary>Has the next pages of lists be too old to go on with.</summary>
    public void ExpirePages(int times) => _expiredPages = times;

    public void Clear()
    {
        _refusals.Clear();
        _execs.Clear();
        _expiredPages = 0;
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

    internal ExecBreak? BreakOf(IReadOnlyList<string> command)
    {
        foreach (string argument in command)
            if (_execs.TryGetValue(argument, out ExecBreak how))
                return how;
        return null;
    }

    /// <summary>Ends, with what the node says, when forwarded ports are to break.</summary>
    internal Task<string> ForwardsBroke => Volatile.Read(ref _forwardsBroke).Task;

    internal bool IsPageExpired() => Interlocked.Decrement(ref _expiredPages) >= 0;

    private static TaskCompletionSource<string> NewBreak() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
    Namespaces,
    Get,
    Exec,
    PortForward,
    Stats,
}

/// <summary>How an exec breaks whose program has run.</summary>
public enum ExecBreak
{
    /// <summary>
    /// Success, and nothing of what was printed: so an API server that loses the node ends the stream
    /// (kubernetes/kubectl#1726).
    /// </summary>
    SuccessWithoutOutput,

    /// <summary>The same, but the program was never run.</summary>
    SuccessWithoutRun,

    /// <summary>A failure without an exit code: the stream from the node broke.</summary>
    StreamError,

    /// <summary>A gateway's 502 in place of the upgrade.</summary>
    BadGateway,

    /// <summary>The end of the connection in place of the upgrade.</summary>
    CutBeforeAnswer,

    /// <summary>No answer at all, ever.</summary>
    NoAnswer,
}
