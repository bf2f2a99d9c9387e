using System.Collections.Concurrent;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>The simulated faults of the API server, until they are cleared.</summary>
public sealed class ApiFaults
{
    private readonly ConcurrentDictionary<ApiKind, RefusalPlan> _refusals = new();
    private readonly ConcurrentDictionary<string, ExecBreak> _execs = new(StringComparer.Ordinal);
    private TaskCompletionSource<string> _forwardsBroke = NewBreak();
    private (string Argument, TimeSpan Lasts)? _stallsAt;
    private Task _stalled = Task.CompletedTask;
    private int _expiredPages;

    /// <summary>Bytes after which a port-forward or exec stream is closed without a message; null for never.</summary>
    public long? CutAfterBytes { get; set; }

    /// <summary>Whether streams accept everything and answer nothing.</summary>
    public bool AreStreamsSilent { get; set; }

    /// <summary>Whether the first message of a stream is on an invalid channel and contains no port.</summary>
    public bool SendsNonsense { get; set; }

    /// <summary>Whether the status at the end of an exec is omitted.</summary>
    public bool LosesStatus { get; set; }

    /// <summary>The delay before each piece of an exec's output.</summary>
    public TimeSpan OutputPause { get; set; }

    /// <summary>The maximum number of output bytes in one message.</summary>
    public int OutputPiece { get; set; } = 32 * 1024;

    /// <summary>Refuses the next requests of a kind, then continues normally.</summary>
    public void Refuse(
        ApiKind kind,
        int code,
        int times = int.MaxValue,
        TimeSpan? retryAfter = null,
        string message = "the test server is configured to refuse"
    ) => _refusals[kind] = new RefusalPlan(code, times, retryAfter, message);

    /// <summary>Breaks every exec of a command with this argument, after its program has really run.</summary>
    public void BreakExec(string argument, ExecBreak how) => _execs[argument] = how;

    /// <summary>
    /// Stalls the server when it receives the next exec of a command with this argument, as an API server does whose
    /// own etcd does not answer: the program runs, but its output and all further requests wait for this time.
    /// </summary>
    public void StallAt(string argument, TimeSpan lasts) => _stallsAt = (argument, lasts);

    /// <summary>Makes the node close all currently forwarded ports with this message; later ones work.</summary>
    public void BreakForwards(string said) => Interlocked.Exchange(ref _forwardsBroke, NewBreak()).SetResult(said);

    /// <summary>Makes the next continue tokens of lists too old.</summary>
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

    /// <summary>Completes with the message of the node when forwarded ports are to break.</summary>
    internal Task<string> ForwardsBroke => Volatile.Read(ref _forwardsBroke).Task;

    /// <summary>Completes when the server no longer stalls.</summary>
    internal Task Stalled => Volatile.Read(ref _stalled);

    /// <summary>Begins the stall if this command is the one; only then it is true.</summary>
    internal bool BeginsStall(IReadOnlyList<string> command)
    {
        if (_stallsAt is not { } stall || !command.Contains(stall.Argument))
            return false;
        _stallsAt = null;
        Volatile.Write(ref _stalled, Task.Delay(stall.Lasts));
        return true;
    }

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

/// <summary>The kinds of requests that the API server supports.</summary>
public enum ApiKind
{
    List,
    Namespaces,
    Get,
    Exec,
    PortForward,
    Stats,
}

/// <summary>How an exec breaks after its program has run.</summary>
public enum ExecBreak
{
    /// <summary>
    /// Success without any output: an API server that loses the connection to the node ends the stream in this way
    /// (kubernetes/kubectl#1726).
    /// </summary>
    SuccessWithoutOutput,

    /// <summary>The same, but the program was never run.</summary>
    SuccessWithoutRun,

    /// <summary>A failure without an exit code: the stream from the node broke.</summary>
    StreamError,

    /// <summary>Status 502 of a gateway instead of the upgrade.</summary>
    BadGateway,

    /// <summary>The end of the connection instead of the upgrade.</summary>
    CutBeforeAnswer,

    /// <summary>No answer at all.</summary>
    NoAnswer,
}
