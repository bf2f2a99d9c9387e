using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Clusters;

/// <summary>
/// Finds out who is in the cluster and who answers where. A URL says nothing about who is behind it: what counts is the
/// ID in the answer. Members are asked with a local read that answers even while they defragment.
/// </summary>
internal sealed class ClusterSurvey(IMemberAccess access, TimeProvider time)
{
    /// <summary>
    /// What a member gives here comes from its memory at once. Who is still silent this long after another has answered
    /// is frozen or cut off, and must not cost the whole time allowed.
    /// </summary>
    private static readonly TimeSpan StragglerLimit = TimeSpan.FromSeconds(3);

    /// <summary>An advertised URL that leads nowhere must not cost the whole time allowed.</summary>
    private static readonly TimeSpan CandidateLimit = TimeSpan.FromSeconds(3);

    /// <summary>The ID of the cluster, from whoever answers first.</summary>
    public async Task<ulong> IdentifyAsync(CallLimit limit)
    {
        IReadOnlyList<IMemberClient> clients = await access.GetClientsAsync(limit).ConfigureAwait(false);
        List<Answer> answers = await AskGivenAsync(clients, a => a.Exists(one => one.List is not null), limit).ConfigureAwait(false);
        return answers.Find(a => a.List is not null)?.List!.Header.ClusterId ?? throw NobodyAnswered(answers);
    }

    public async Task<Roster> TakeAsync(CallLimit limit)
    {
        IReadOnlyList<IMemberClient> clients = await access.GetClientsAsync(limit).ConfigureAwait(false);
        List<Answer> answers = await AskGivenAsync(clients, a => IsEveryoneHere(a, clients.Count), limit).ConfigureAwait(false);
        List<Answer> answered = [.. answers.Where(a => a.List is not null)];
        if (answered.Count == 0)
            throw NobodyAnswered(answers);
        RequireOneCluster(answered);

        // A member that was cut off may hold an old list; the one with the newest term holds the newest.
        Answer newest = answered.MaxBy(a => a.List!.Header.RaftTerm)!;
        IReadOnlyList<MemberEntry> entries = newest.List!.Members;
        ulong clusterId = newest.List.Header.ClusterId;
        RosterMember[] members = await Task
            .WhenAll(entries.Select(entry => PlaceAsync(entry, clusterId, answers, limit)))
            .ConfigureAwait(false);
        var ids = entries.Select(e => e.Id).ToHashSet();
        bool isAgreed = answered.TrueForAll(a => ids.SetEquals(a.List!.Members.Select(m => m.Id)));
        return new Roster(clusterId, members, isAgreed);
    }

    /// <summary>Asks all at once; does not wait for the rest once what has come is enough.</summary>
    private async Task<List<Answer>> AskGivenAsync(
        IReadOnlyList<IMemberClient> clients, Predicate<List<Answer>> isEnough, CallLimit limit)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        await using ITimer patience = time.CreateTimer(_ => over.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        long started = time.GetTimestamp();
        var waiting = clients.Select(c => AskAsync(c, limit with { Stop = over.Token })).ToList();
        var answers = new List<Answer>();
        while (waiting.Count > 0)
        {
            Task<Answer> next = await Task.WhenAny(waiting).ConfigureAwait(false);
            waiting.Remove(next);
            limit.Stop.ThrowIfCancellationRequested();
            Answer answer = await next.ConfigureAwait(false);
            if (answer.Id is not null && !answers.Exists(a => a.Id is not null))
                patience.Change(StragglerLimit + time.GetElapsedTime(started), Timeout.InfiniteTimeSpan);
            answers.Add(answer);
            if (isEnough(answers))
                break;
        }
        await over.CancelAsync().ConfigureAwait(false);
        return answers;
    }

    /// <summary>
    /// Whether all that any list names have answered. One member alone is not believed while most others are silent: its
    /// list may be an old one that names nobody else.
    /// </summary>
    private static bool IsEveryoneHere(List<Answer> answers, int asked)
    {
        ulong[] answered = [.. answers.Where(a => a.Id is not null).Select(a => a.Id!.Value)];
        MemberListReply[] lists = [.. answers.Select(a => a.List).OfType<MemberListReply>()];
        return lists.Length > 0 && 2 * answered.Length >= asked
            && lists.SelectMany(l => l.Members).All(m => answered.Contains(m.Id));
    }

    private static async Task<Answer> AskAsync(IMemberClient client, CallLimit limit)
    {
        try
        {
            MemberListReply list = await client.ListMembersAsync(linearizable: false, limit).ConfigureAwait(false);
            return new Answer(client, list.Header.MemberId, list, null);
        }
        catch (MemberCallException failed) when (failed.Failure is CallFailure.Learner)
        {
            return await AskLearnerAsync(client, limit).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            return new Answer(client, null, null, failed);
        }
        catch (OperationCanceledException)
        {
            return new Answer(client, null, null, MemberCallException.Create(CallFailure.TimedOut, client.Place));
        }
    }

    /// <summary>A learner does not give the member list, but says who it is.</summary>
    private static async Task<Answer> AskLearnerAsync(IMemberClient client, CallLimit limit)
    {
        try
        {
            StatusReply status = await client.GetStatusAsync(limit).ConfigureAwait(false);
            return new Answer(client, status.Header.MemberId, null, null);
        }
        catch (EtcdException failed)
        {
            return new Answer(client, null, null, failed);
        }
        catch (OperationCanceledException)
        {
            return new Answer(client, null, null, MemberCallException.Create(CallFailure.TimedOut, client.Place));
        }
    }

    private async Task<RosterMember> PlaceAsync(MemberEntry entry, ulong clusterId, List<Answer> answers, CallLimit limit)
    {
        if (answers.Find(a => a.Id == entry.Id) is { } given)
            return new RosterMember(entry, given.Client, null);

        Answer[] tried = await Task
            .WhenAll(access.GetCandidates(entry).Select(c => AskAsync(c, limit.AtMost(CandidateLimit))))
            .ConfigureAwait(false);
        limit.Stop.ThrowIfCancellationRequested();
        Answer? found = Array.Find(tried, a => a.Id == entry.Id && (a.List is null || a.List.Header.ClusterId == clusterId));
        return found is not null
            ? new RosterMember(entry, found.Client, null)
            : new RosterMember(entry, null, Unreachable(entry, answers.Concat(tried)));
    }

    /// <summary>The failure at the member's own URL says most about why it is not there.</summary>
    private static EtcdException Unreachable(MemberEntry entry, IEnumerable<Answer> answers)
    {
        Answer[] failed = [.. answers.Where(a => a.Failure is not null)];
        EtcdException? cause = Array.Find(failed, a => IsPlaceOf(entry, a.Client.Place))?.Failure;
        string why = !entry.IsStarted
            ? "it has never been started"
            : cause?.Message.TrimEnd('.')
                ?? "no endpoint that was tried answers with its ID" + (failed is [var only] ? $" ({only.Failure!.Message.TrimEnd('.')})" : "");
        return new EtcdException(
            "MemberUnreachable",
            EtcdErrorCategory.ConnectionError,
            $"Member {entry} ({HexId.Format(entry.Id)}) was not reached: {why}.",
            "Start it, or give the endpoint at which it answers.",
            HexId.Format(entry.Id),
            cause);
    }

    private static bool IsPlaceOf(MemberEntry entry, MemberPlace place) =>
        entry.ClientUrls.Contains(place.Endpoint) || (entry.Name.Length > 0 && entry.Name == place.MemberName);

    private static EtcdException NobodyAnswered(List<Answer> answers)
    {
        EtcdException[] failures = [.. answers.Select(a => a.Failure).OfType<EtcdException>()];
        if (failures.Length > 0 && failures.Select(f => f.ErrorId).Distinct().Count() == 1 && answers.Count == 1)
            return failures[0];
        if (answers.Exists(a => a.Id is not null))
            return new EtcdException(
                "OnlyLearnersAnswered",
                EtcdErrorCategory.InvalidOperation,
                "Only learners answered, and learners do not give the member list.",
                "Give the endpoint of a voting member.");
        return new EtcdException(
            failures.Select(f => f.ErrorId).Distinct().Count() == 1 ? failures[0].ErrorId : "NoEndpointAnswered",
            failures.Length > 0 ? failures[0].Category : EtcdErrorCategory.ConnectionError,
            "No endpoint answered: " + string.Join(" ", failures.Select(f => f.Message)),
            failures.Length > 0 ? failures[0].RecommendedAction : null,
            string.Join(",", answers.Select(a => a.Client.Place.Endpoint)));
    }

    private static void RequireOneCluster(List<Answer> answered)
    {
        var clusters = answered.GroupBy(a => a.List!.Header.ClusterId).ToList();
        if (clusters.Count == 1)
            return;
        IEnumerable<string> shown = clusters.Select(c => $"{HexId.Format(c.Key)} at {string.Join(", ", c.Select(a => a.Client.Place))}");
        throw new EtcdException(
            "SeveralEtcdClusters",
            EtcdErrorCategory.InvalidArgument,
            $"The endpoints belong to different clusters: {string.Join("; ", shown)}.",
            "Make one connection for each cluster.",
            string.Join(",", answered.Select(a => a.Client.Place.Endpoint)));
    }

    private sealed record Answer(IMemberClient Client, ulong? Id, MemberListReply? List, EtcdException? Failure);
}
