using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Reads spans of keys from the followers, at one revision, in as few calls as possible. A member that fails is left
/// out, and the others continue. If the revision is compacted meanwhile, the reads continue at a newer one.
/// </summary>
internal sealed class SpanReader
{
    private readonly List<ResolvedMember> _sources;
    private readonly ReadPace _pace;
    private readonly TimeProvider _time;
    private readonly CallBudget _limit;
    private readonly object _changing = new();
    private readonly CallThrottle _throttle;
    private int _spansPerCall;
    private int _turn;
    private volatile bool _canStream = true;
    private long _revision;

    internal SpanReader(
        List<ResolvedMember> sources,
        long revision,
        ReadPace pace,
        TimeProvider time,
        CallBudget limit,
        int spansPerCall = Limits.Space.SpansPerCall
    )
    {
        _spansPerCall = spansPerCall;
        _sources = sources;
        _pace = pace;
        _time = time;
        _limit = limit;
        _throttle = new CallThrottle(time, sources.Count, revision);
        _revision = revision;
    }

    /// <summary>The members that are read, without those that failed.</summary>
    public IReadOnlyList<ResolvedMember> Members
    {
        get
        {
            lock (_changing)
                return [.. _sources];
        }
    }

    /// <summary>The revision at which the keys are read.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>
    /// The bytes of the databases that hold data, of the largest member; null if the user may not read it.
    /// </summary>
    public long? DbSizeInUse { get; private init; }

    /// <summary>Whether keys were read at more than one revision.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>Selects the followers, or the only voter.</summary>
    /// <param name="context">The cluster.</param>
    /// <param name="membership">Its members.</param>
    /// <param name="span">The keys, of which a user who may not read the status may read at least the number.</param>
    /// <param name="maximumBytesPerSecond">The limit on the load.</param>
    /// <param name="limit">The time limit of each call.</param>
    public static async Task<SpanReader> OpenAsync(
        ClusterContext context,
        ClusterMembership membership,
        KeySpan span,
        long maximumBytesPerSecond,
        CallBudget limit
    )
    {
        MemberReading[] voters = await context.ReadStatusAsync(membership.Voters, limit).ConfigureAwait(false);
        MemberReading[] answered = [.. voters.Where(v => v.Status is not null)];
        var pace = new ReadPace(context.Time, maximumBytesPerSecond);
        ResolvedMember[] refusing = [.. voters.Where(v => IsDenied(v.Failure)).Select(v => v.Member)];
        if (answered.Length == 0 && refusing.Length > 0)
        {
            // Without the status, the version is unknown too.
            int single = SpansPerCall(refusing, version: null);
            long[] revisions = await Task.WhenAll(refusing.Select(m => ReadRevisionAsync(m, span, limit)))
                .ConfigureAwait(false);
            return new SpanReader([.. refusing], revisions.Max(), pace, context.Time, limit, single);
        }
        if (answered.Length == 0)
            throw voters.Select(v => v.Failure).OfType<EtcdException>().FirstOrDefault()
                ?? MembershipErrors.NoVoterReached(membership.ClusterId);
        MemberReading[] followers = [.. answered.Where(v => v.Status!.Leader != v.Id)];
        MemberReading[] chosen = followers.Length > 0 ? followers : answered;

        // One of the voters has applied every write that was confirmed. The others follow at once, unless they are far
        // behind.
        long newest = answered.Max(v => v.Status!.Header.Revision);
        MemberReading[] close = [.. chosen.Where(v => newest - v.Status!.Header.Revision <= Limits.Space.MaximumLag)];
        if (close.Length == 0)
            close = [answered.First(v => v.Status!.Header.Revision == newest)];
        int spansPerCall = close.Min(v => SpansPerCall([v.Member], v.Status!.Version));
        return new SpanReader([.. close.Select(v => v.Member)], newest, pace, context.Time, limit, spansPerCall)
        {
            DbSizeInUse = close.Max(v => v.Status!.DbSizeInUse),
        };
    }

    /// <summary>
    /// Returns one span for members that can crash if a transaction that only reads is ended. A single span is read
    /// without a transaction, except by etcdctl.
    /// </summary>
    /// <exception cref="MemberCallException">The access cannot read such a member safely.</exception>
    private static int SpansPerCall(IReadOnlyList<ResolvedMember> members, string? version)
    {
        if (version is not null && !VersionHazards.DiesOnEndedRead(version))
            return Limits.Space.SpansPerCall;
        return members.FirstOrDefault(m => m.Client!.ReadsInTransactions) is { } unsafely
            ? throw MemberCallException.Create(
                CallFailure.NotSupportedHere,
                unsafely.Client!.Place,
                version is null
                    ? "the user may not read the version of etcd, and some versions can crash at such a transaction"
                    : $"etcd {version} can crash if such a transaction of etcdctl is ended"
            )
            : 1;
    }

    private static bool IsDenied(EtcdException? failure) =>
        failure is MemberCallException { Failure: CallFailure.PermissionDenied };

    /// <summary>
    /// Returns the newest revision of a member, which users with few permissions may read only with keys.
    /// </summary>
    private static async Task<long> ReadRevisionAsync(ResolvedMember member, KeySpan span, CallBudget limit)
    {
        KeySpansReply reply = await member
            .Client!.ReadSpansAsync([span with { Limit = 0 }], revision: 0, limit)
            .ConfigureAwait(false);
        return reply.Header.Revision;
    }

    /// <summary>
    /// Returns a reply for each span, in their order. It has fewer keys than the limit of the span if they are too
    /// large for one reply.
    /// </summary>
    /// <param name="spans">The spans.</param>
    /// <param name="spansPerCall">The largest number of spans in a call; fewer if their values are large.</param>
    public async Task<KeySpanReply[]> ReadAsync(
        IReadOnlyList<KeySpan> spans,
        int spansPerCall = Limits.Space.SpansPerCall
    )
    {
        int size = Math.Min(spansPerCall, Volatile.Read(ref _spansPerCall));
        KeySpanReply[][] replies = await Task.WhenAll(spans.Chunk(size).Select(ReadChunkAsync)).ConfigureAwait(false);
        return [.. replies.SelectMany(r => r)];
    }

    /// <summary>
    /// Streams all keys of a span with their sizes, if etcd can do this. Returns what is left of the span, or null
    /// after its last key.
    /// </summary>
    public async Task<KeySpan?> StreamAsync(KeySpan span, Action<IReadOnlyList<KeySize>> receive)
    {
        await _throttle.WaitAsync(_limit.Stop).ConfigureAwait(false);
        try
        {
            long started = _time.GetTimestamp();
            while (_canStream)
            {
                ResolvedMember source = Next();
                long revision = Revision;
                try
                {
                    await foreach (
                        IReadOnlyList<KeySize> keys in source
                            .Client!.StreamSpanAsync(span, revision, _limit)
                            .ConfigureAwait(false)
                    )
                    {
                        if (keys is not [.., var last])
                            continue;
                        receive(keys);
                        _pace.Add(keys.Sum(key => (long)key.Bytes));
                        span = span with { From = last.Key + "\0" };
                        started = _time.GetTimestamp();
                        await _pace.WaitAsync(_limit.Stop).ConfigureAwait(false);
                    }
                    return null;
                }
                catch (MemberCallException failed) when (failed.Failure is CallFailure.NotSupported)
                {
                    _canStream = false;
                }
                catch (MemberCallException failed)
                {
                    if (!await MayContinueAsync(failed, source, span, revision, started).ConfigureAwait(false))
                        throw;
                }
            }
            return span;
        }
        finally
        {
            _throttle.Release();
        }
    }

    private async Task<KeySpanReply[]> ReadChunkAsync(KeySpan[] spans)
    {
        if (await TryReadAsync(spans).ConfigureAwait(false) is { } reply)
            return [.. reply.Spans];
        if (spans is [var single])
            return await ReadChunkAsync([single with { Limit = single.Limit / 2 }]).ConfigureAwait(false);
        int half = spans.Length / 2;
        KeySpanReply[] first = await ReadChunkAsync(spans[..half]).ConfigureAwait(false);
        return [.. first, .. await ReadChunkAsync(spans[half..]).ConfigureAwait(false)];
    }

    /// <summary>Returns null if the spans are too many or their values too large for one call.</summary>
    private async Task<KeySpansReply?> TryReadAsync(KeySpan[] spans)
    {
        await _throttle.WaitAsync(_limit.Stop).ConfigureAwait(false);
        try
        {
            await _pace.WaitAsync(_limit.Stop).ConfigureAwait(false);
            long started = _time.GetTimestamp();
            KeySpansReply reply = await AskAsync(spans).ConfigureAwait(false);
            _pace.Add(reply.Spans.Sum(s => s.Keys.Sum(k => (long)k.Bytes)));
            await _throttle
                .PauseAsync(reply.Header.Revision, _time.GetElapsedTime(started), _limit.Stop)
                .ConfigureAwait(false);
            return reply;
        }
        catch (MemberCallException tooMuch) when (IsTooMuch(tooMuch) && (spans.Length > 1 || spans[0].Limit > 1))
        {
            if (tooMuch.Failure is CallFailure.TooManyOperations)
                Interlocked.Exchange(ref _spansPerCall, Math.Max(1, spans.Length / 2));
            return null;
        }
        finally
        {
            _throttle.Release();
        }
    }

    private async Task<KeySpansReply> AskAsync(KeySpan[] spans)
    {
        long started = _time.GetTimestamp();
        while (true)
        {
            ResolvedMember source = Next();
            long revision = Revision;
            try
            {
                return await source.Client!.ReadSpansAsync(spans, revision, _limit).ConfigureAwait(false);
            }
            catch (MemberCallException failed)
            {
                if (!await MayContinueAsync(failed, source, spans[0], revision, started).ConfigureAwait(false))
                    throw;
            }
        }
    }

    /// <summary>
    /// Whether the reads can continue after a failure: at a newer revision, after the member has caught up, or without
    /// the member. A member that remains behind is left out too.
    /// </summary>
    private async Task<bool> MayContinueAsync(
        MemberCallException failed,
        ResolvedMember source,
        KeySpan span,
        long revision,
        long started
    )
    {
        if (failed.Failure is CallFailure.Compacted)
        {
            try
            {
                await MoveAsync(source, span, revision).ConfigureAwait(false);
                return true;
            }
            catch (MemberCallException again)
            {
                return !again.ConcernsCluster && Drop(source);
            }
        }
        if (failed.Failure is not CallFailure.FutureRevision)
            return !failed.ConcernsCluster && !IsTooMuch(failed) && Drop(source);
        if (_time.GetElapsedTime(started) >= Limits.Space.CatchUpTime)
            return Drop(source);
        await Task.Delay(Limits.Space.CatchUpInterval, _time, _limit.Stop).ConfigureAwait(false);
        return true;
    }

    private static bool IsTooMuch(MemberCallException failed) =>
        failed.Failure is CallFailure.TooManyOperations or CallFailure.ResponseTooLarge;

    /// <summary>Whether another member is left to continue.</summary>
    private bool Drop(ResolvedMember failed)
    {
        lock (_changing)
        {
            if (_sources.Count == 1 && _sources[0] == failed)
                return false;
            _sources.Remove(failed);
            return true;
        }
    }

    private ResolvedMember Next()
    {
        lock (_changing)
            return _sources[_turn++ % _sources.Count];
    }

    /// <summary>Continues at the newest revision of the member, unless another call has already moved.</summary>
    private async Task MoveAsync(ResolvedMember source, KeySpan span, long from)
    {
        if (Revision != from)
            return;
        long newest = await ReadRevisionAsync(source, span, _limit).ConfigureAwait(false);
        lock (_changing)
        {
            if (Revision != from)
                return;
            HasMoved = true;
            Interlocked.Exchange(ref _revision, newest);
        }
    }
}
