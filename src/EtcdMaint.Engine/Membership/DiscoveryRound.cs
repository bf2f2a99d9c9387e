using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>The result of asking at one address which member is there.</summary>
/// <param name="Header">The member that answered, or null if none did.</param>
/// <param name="List">The member list. It is null from a learner, which does not return it, and from a member that was
/// asked for its status.</param>
/// <param name="Failure">Why there is no answer, or null if a member answered.</param>
internal sealed record DiscoveryAnswer(
    IMemberClient Client,
    ReplyHeader? Header,
    MemberListReply? List,
    EtcdException? Failure
)
{
    public ulong? Id => Header?.MemberId;

    /// <summary>The status if it was requested.</summary>
    public StatusReply? Status { get; init; }

    /// <summary>The time until the status arrived.</summary>
    public TimeSpan Latency { get; init; }
}

/// <summary>Asks at all addresses at the same time.</summary>
internal sealed class DiscoveryRound(TimeProvider time)
{
    /// <summary>
    /// A member answers these requests immediately from memory. A member that is still silent this long after another
    /// one answered, and after its own connection was opened, is suspended or cut off. Waiting for it must not use the
    /// whole time limit.
    /// </summary>
    private static readonly TimeSpan StragglerLimit = TimeSpan.FromSeconds(3);

    /// <summary>The client at which the leader answered the last time, or null.</summary>
    private volatile IMemberClient? _leader;

    /// <summary>Asks each member for its list, and stops waiting when the answers are sufficient.</summary>
    public Task<List<DiscoveryAnswer>> AskForListsAsync(
        IReadOnlyList<IMemberClient> clients,
        Predicate<List<DiscoveryAnswer>> isEnough,
        CallBudget limit
    ) => AskAllAsync(clients, AskForListAsync, isEnough, limit);

    /// <summary>
    /// Asks each member for its status, and the leader, or another member of the newest term, also for its list. This
    /// halves the work if each request runs a program. Returns null if no list can be read in this way.
    /// </summary>
    /// <param name="clients">The members.</param>
    /// <param name="asksEarly">
    /// Whether the list is requested together with the statuses, from the member that was the leader the last time.
    /// Otherwise, the leader is asked when it has reported that it leads.
    /// </param>
    /// <param name="limit">The time limit.</param>
    public async Task<List<DiscoveryAnswer>?> AskForStatusAsync(
        IReadOnlyList<IMemberClient> clients,
        bool asksEarly,
        CallBudget limit
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        Task<List<DiscoveryAnswer>> statuses = AskAllAsync(
            clients,
            asksEarly ? AskForStatusAsync : AskForStatusAndListAsync,
            _ => false,
            limit
        );
        IMemberClient? asked = asksEarly ? clients.FirstOrDefault(c => c == _leader) ?? clients.FirstOrDefault() : null;
        Task<DiscoveryAnswer>? early = asked is null
            ? null
            : AskForListEarlyAsync(asked, limit with { Stop = over.Token });
        List<DiscoveryAnswer> answers = await statuses.ConfigureAwait(false);
        DiscoveryAnswer? newest = answers
            .Where(a => a.Status is { IsLearner: false, Leader: not 0 })
            .OrderByDescending(a => a.Status!.RaftTerm)
            .ThenByDescending(a => a.Status!.Leader == a.Id)
            .FirstOrDefault();
        if (newest is not null && newest.Status!.Leader == newest.Id)
            _leader = newest.Client;
        if (
            newest is { List: null }
            && early is not null
            && answers.Find(a => a.Client == asked) is { } lister
            && IsAsNew(lister, newest)
            && await early.ConfigureAwait(false) is { List: { } list } listed
            && listed.Id == lister.Id
            && (lister.Client == newest.Client || Covers(list, answers, newest.Status!.RaftTerm))
        )
        {
            answers[answers.FindIndex(a => a.Client == asked)] = lister with { List = list };
            return answers;
        }
        await over.CancelAsync().ConfigureAwait(false);
        if (newest is null)
            return null;
        if (newest.List is null)
            answers[answers.IndexOf(newest)] = newest = await AddListAsync(newest, limit).ConfigureAwait(false);
        return newest.List is null ? null : answers;
    }

    public static Task<DiscoveryAnswer> AskForListAsync(IMemberClient client, CallBudget limit) =>
        AskAsync(
            client,
            () => client.ListMembersAsync(linearizable: false, limit),
            list => new DiscoveryAnswer(client, list.Header, list, null),
            ofLearner: () =>
                AskAsync(
                    client,
                    () => client.GetStatusAsync(limit),
                    status => new DiscoveryAnswer(client, status.Header, null, null)
                )
        );

    private Task<DiscoveryAnswer> AskForStatusAsync(IMemberClient client, CallBudget limit)
    {
        long started = time.GetTimestamp();
        return AskAsync(
            client,
            () => client.GetStatusAsync(limit),
            status => new DiscoveryAnswer(client, status.Header, null, null)
            {
                Status = status,
                Latency = time.GetElapsedTime(started),
            }
        );
    }

    private async Task<DiscoveryAnswer> AskForStatusAndListAsync(IMemberClient client, CallBudget limit)
    {
        DiscoveryAnswer answer = await AskForStatusAsync(client, limit).ConfigureAwait(false);
        return answer.Status is { } status && status.Leader == answer.Id
            ? await AddListAsync(answer, limit).ConfigureAwait(false)
            : answer;
    }

    /// <summary>
    /// Asks for the list while the status of the same member is requested. The request for the status opens the
    /// connection, with its own time limit.
    /// </summary>
    private static async Task<DiscoveryAnswer> AskForListEarlyAsync(IMemberClient client, CallBudget limit)
    {
        await WaitAsync(client.Opening, limit.Stop).ConfigureAwait(false);
        return await AskForListAsync(client, limit.AtMost(StragglerLimit)).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether a member knows the same leader in the same term as the newest one, and has applied all that it knows to
    /// be committed.
    /// </summary>
    private static bool IsAsNew(DiscoveryAnswer answer, DiscoveryAnswer newest) =>
        answer.Client == newest.Client
        || (
            answer.Status is { IsLearner: false, ApplyLag: 0 } status
            && status.Leader == newest.Status!.Leader
            && status.RaftTerm == newest.Status.RaftTerm
        );

    /// <summary>Whether the list is of this term and names every member that answered.</summary>
    private static bool Covers(MemberListReply list, List<DiscoveryAnswer> answers, ulong term) =>
        list.Header.RaftTerm == term
        && answers.TrueForAll(a => a.Id is not { } id || list.Members.Any(m => m.Id == id));

    private static async Task<DiscoveryAnswer> AddListAsync(DiscoveryAnswer answer, CallBudget limit)
    {
        DiscoveryAnswer listed = await AskForListAsync(answer.Client, limit.AtMost(StragglerLimit))
            .ConfigureAwait(false);
        return listed.Id == answer.Id ? answer with { List = listed.List } : answer;
    }

    private async Task<List<DiscoveryAnswer>> AskAllAsync(
        IReadOnlyList<IMemberClient> clients,
        Func<IMemberClient, CallBudget, Task<DiscoveryAnswer>> ask,
        Predicate<List<DiscoveryAnswer>> isEnough,
        CallBudget limit
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        var waitLimit = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        long started = time.GetTimestamp();
        var waiting = clients
            .Select(c => AskWithLimitAsync(c, ask, waitLimit.Task, limit with { Stop = over.Token }))
            .ToList();
        var answers = new List<DiscoveryAnswer>();
        while (waiting.Count > 0)
        {
            Task<DiscoveryAnswer> next = await Task.WhenAny(waiting).ConfigureAwait(false);
            waiting.Remove(next);
            limit.Stop.ThrowIfCancellationRequested();
            DiscoveryAnswer answer = await next.ConfigureAwait(false);
            if (answer.Id is not null)
                waitLimit.TrySetResult(StragglerLimit + time.GetElapsedTime(started));
            answers.Add(answer);
            if (isEnough(answers))
                break;
        }
        await over.CancelAsync().ConfigureAwait(false);
        return answers;
    }

    /// <summary>Asks one member, and stops waiting some time after another member has answered.</summary>
    private async Task<DiscoveryAnswer> AskWithLimitAsync(
        IMemberClient client,
        Func<IMemberClient, CallBudget, Task<DiscoveryAnswer>> ask,
        Task<TimeSpan> waitLimit,
        CallBudget limit
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        Task<DiscoveryAnswer> answer = ask(client, limit with { Stop = over.Token });
        await Task.WhenAny(answer, WaitForLimitAsync(client, waitLimit, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    private async Task WaitForLimitAsync(IMemberClient client, Task<TimeSpan> waitLimit, CancellationToken over)
    {
        TimeSpan left = await waitLimit.WaitAsync(over).ConfigureAwait(false);
        Task? opening;
        do
        {
            opening = client.Opening;
            await WaitAsync(opening, over).ConfigureAwait(false);
            await Task.Delay(left, time, over).ConfigureAwait(false);
        } while (client.Opening is { } next && next != opening);
    }

    private static async Task WaitAsync(Task? opening, CancellationToken over)
    {
        if (opening is not null)
            await opening.WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<DiscoveryAnswer> AskAsync<T>(
        IMemberClient client,
        Func<Task<T>> ask,
        Func<T, DiscoveryAnswer> read,
        Func<Task<DiscoveryAnswer>>? ofLearner = null
    )
    {
        try
        {
            return read(await ask().ConfigureAwait(false));
        }
        catch (MemberCallException failed) when (ofLearner is not null && failed.Failure is CallFailure.Learner)
        {
            return await ofLearner().ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            return new DiscoveryAnswer(client, null, null, failed);
        }
        catch (OperationCanceledException)
        {
            return new DiscoveryAnswer(
                client,
                null,
                null,
                MemberCallException.Create(CallFailure.TimedOut, client.Place)
            );
        }
    }
}
