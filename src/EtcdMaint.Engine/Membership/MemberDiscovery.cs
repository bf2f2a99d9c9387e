using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Finds the members of the cluster and the address of each. A URL does not identify a member; the ID in the answer
/// does. Members are asked with a local read, which they answer even while they defragment.
/// </summary>
/// <param name="access">The connections to the members.</param>
/// <param name="time">The clock.</param>
/// <param name="identity">Receives the ID of the cluster that answers, and throws if another cluster answered
/// before.</param>
internal sealed class MemberDiscovery(IMemberSource access, TimeProvider time, ClusterIdentity identity)
{
    /// <summary>An advertised URL that does not answer must not use the whole time limit.</summary>
    private static readonly TimeSpan CandidateLimit = TimeSpan.FromSeconds(3);

    private readonly DiscoveryRound _round = new(time);

    public EndpointIdentities Identities { get; } = new();

    /// <summary>Determines the cluster from the first answer.</summary>
    public async Task IdentifyAsync(CallBudget limit)
    {
        IReadOnlyList<IMemberClient> clients = await access.GetClientsAsync(limit).ConfigureAwait(false);
        List<DiscoveryAnswer> answers = await _round
            .AskForListsAsync(clients, a => a.Exists(one => one.List is not null), limit)
            .ConfigureAwait(false);
        identity.Recognize(
            answers.Find(a => a.List is not null)?.List!.Header.ClusterId ?? throw NobodyAnswered(answers)
        );
    }

    /// <summary>Creates the member list from the answers of all members.</summary>
    public async Task<ClusterMembership> TakeAsync(CallBudget limit)
    {
        IReadOnlyList<IMemberClient> clients = await access.GetClientsAsync(limit).ConfigureAwait(false);
        List<DiscoveryAnswer> answers = await AskForListsAsync(clients, limit).ConfigureAwait(false);
        ClusterMembership membership = await ReadAsync(answers, limit).ConfigureAwait(false);
        return membership.Members.All(m => m.Client is not null)
            ? membership
            : await AddSilentAsync(membership, answers, limit.AtMost(CandidateLimit)).ConfigureAwait(false);
    }

    /// <summary>
    /// Does the same for a caller that then needs the status of each member. If each request runs a program, the
    /// statuses are read at once and the list of one member is sufficient.
    /// </summary>
    public async Task<ClusterMembership> TakeForStatusAsync(CallBudget limit)
    {
        IReadOnlyList<IMemberClient> clients = await access.GetClientsAsync(limit).ConfigureAwait(false);
        List<DiscoveryAnswer>? answers = access.RunsPrograms
            ? await _round.AskForStatusAsync(clients, !access.RunsProgramsHere, limit).ConfigureAwait(false)
            : null;
        return await ReadAsync(answers ?? await AskForListsAsync(clients, limit).ConfigureAwait(false), limit)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Returns a member that had no client when the membership was created and answers now, or null if there is none.
    /// A member that defragments answers too.
    /// </summary>
    public async Task<ResolvedMember?> FindReturnedAsync(ClusterMembership membership, CallBudget limit)
    {
        ResolvedMember[] missing = [.. membership.Members.Where(m => m.Client is null)];
        IReadOnlyList<IMemberClient> known = await access.GetClientsAsync(limit).ConfigureAwait(false);
        DiscoveryAnswer[] answers = await Task.WhenAll(
                known
                    .Except(membership.Members.Select(m => m.Client).OfType<IMemberClient>())
                    .Concat(missing.SelectMany(m => access.GetCandidates(m.Entry)))
                    .Distinct()
                    .Select(c => DiscoveryRound.AskForListAsync(c, limit))
            )
            .ConfigureAwait(false);
        return Array.Find(missing, m => Array.Exists(answers, a => a.Id == m.Id));
    }

    private Task<List<DiscoveryAnswer>> AskForListsAsync(IReadOnlyList<IMemberClient> clients, CallBudget limit) =>
        _round.AskForListsAsync(clients, answers => IsEveryoneHere(answers, clients.Count), limit);

    private async Task<ClusterMembership> ReadAsync(List<DiscoveryAnswer> answers, CallBudget limit)
    {
        List<DiscoveryAnswer> answered = [.. answers.Where(a => a.List is not null)];
        if (answered.Count == 0)
            throw NobodyAnswered(answers);
        RequireOneCluster(answers);

        // A member that was cut off may hold an old list. The member with the newest term has the newest list.
        DiscoveryAnswer newest = answered.MaxBy(a => a.List!.Header.RaftTerm)!;
        IReadOnlyList<MemberEntry> entries = newest.List!.Members;
        ulong clusterId = newest.List.Header.ClusterId;
        identity.Recognize(clusterId);
        Observe(answers);
        ResolvedMember[] members = await Task.WhenAll(
                entries.Select(entry => PlaceAsync(entry, entries, clusterId, answers, limit))
            )
            .ConfigureAwait(false);
        var ids = entries.Select(e => e.Id).ToHashSet();
        bool isAgreed = answered.TrueForAll(a => ids.SetEquals(a.List!.Members.Select(m => m.Id)));
        return new ClusterMembership(clusterId, members, isAgreed);
    }

    /// <summary>
    /// Whether every member in any list has answered. A single member is not sufficient while most others are silent,
    /// because its list may be old and name no other member. A member that answers at two addresses counts once.
    /// </summary>
    private static bool IsEveryoneHere(List<DiscoveryAnswer> answers, int asked)
    {
        var answered = answers.Select(a => a.Id).OfType<ulong>().ToHashSet();
        MemberListReply[] lists = [.. answers.Select(a => a.List).OfType<MemberListReply>()];
        return lists.Length > 0
            && 2 * answered.Count >= asked
            && lists.SelectMany(l => l.Members).All(m => answered.Contains(m.Id));
    }

    /// <summary>Uses an endpoint that several members share only if the member has no endpoint of its own.</summary>
    private async Task<ResolvedMember> PlaceAsync(
        MemberEntry entry,
        IReadOnlyList<MemberEntry> all,
        ulong clusterId,
        List<DiscoveryAnswer> answers,
        CallBudget limit
    )
    {
        DiscoveryAnswer? given =
            answers.Find(a => a.Id == entry.Id && Identities.Find(a.Client, all).Count == 1)
            ?? answers.Find(a => a.Id == entry.Id);
        if (given is not null && Identities.Find(given.Client, all).Count == 1)
            return Reached(entry, given);

        DiscoveryAnswer[] tried = await Task.WhenAll(
                access.GetCandidates(entry).Select(c => DiscoveryRound.AskForListAsync(c, limit.AtMost(CandidateLimit)))
            )
            .ConfigureAwait(false);
        limit.Stop.ThrowIfCancellationRequested();
        Observe(tried);
        DiscoveryAnswer? found =
            Array.Find(tried, a => a.Id == entry.Id && a.Header!.Value.ClusterId == clusterId) ?? given;
        return found is not null
            ? Reached(entry, found)
            : new ResolvedMember(entry, null, Unreachable(entry, answers.Concat(tried), access.WhyNotTried(entry)));
    }

    private static ResolvedMember Reached(MemberEntry entry, DiscoveryAnswer answer) =>
        new(entry, answer.Client, null) { FirstStatus = answer.Status, FirstLatency = answer.Latency };

    private void Observe(IEnumerable<DiscoveryAnswer> answers)
    {
        foreach (DiscoveryAnswer answer in answers)
            if (answer.Id is { } id)
                Identities.Observe(answer.Client, id);
    }

    /// <summary>Adds information about addresses that did not report a member in time.</summary>
    private async Task<ClusterMembership> AddSilentAsync(
        ClusterMembership membership,
        List<DiscoveryAnswer> answers,
        CallBudget limit
    )
    {
        IMemberClient[] silent =
        [
            .. answers
                .Where(a => a.Failure is MemberCallException { Failure: CallFailure.TimedOut })
                .Select(a => a.Client),
        ];
        if (access.RunsPrograms)
            membership = await IdentifyByMetricsAsync(membership, silent, limit).ConfigureAwait(false);
        IMemberClient[] unnamed = [.. silent.Except(membership.Members.Select(m => m.Client).OfType<IMemberClient>())];
        bool[] areUnresponsive = await Task.WhenAll(unnamed.Select(c => c.IsUnresponsiveAsync(limit)))
            .ConfigureAwait(false);
        return membership with { Unresponsive = [.. unnamed.Where((_, i) => areUnresponsive[i]).Select(c => c.Place)] };
    }

    /// <summary>
    /// Identifies members by their metrics page, which contains the ID. The page is available even if etcdctl before
    /// 3.6 cannot list the members because a write waits for a defragmentation.
    /// </summary>
    private static async Task<ClusterMembership> IdentifyByMetricsAsync(
        ClusterMembership membership,
        IMemberClient[] silent,
        CallBudget limit
    )
    {
        MemberMetrics?[] pages = await Task.WhenAll(silent.Select(c => c.ReadMetricsAsync(limit)))
            .ConfigureAwait(false);
        return membership with
        {
            Members =
            [
                .. membership.Members.Select(member =>
                {
                    int place = member.Client is null ? Array.FindIndex(pages, p => p?.MemberId == member.Id) : -1;
                    return place < 0 ? member : new ResolvedMember(member.Entry, silent[place], null);
                }),
            ],
        };
    }

    /// <summary>The failure at the member's own URL is the most specific reason.</summary>
    private static EtcdException Unreachable(
        MemberEntry entry,
        IEnumerable<DiscoveryAnswer> answers,
        string? whyNotTried
    )
    {
        DiscoveryAnswer[] failed = [.. answers.Where(a => a.Failure is not null)];
        EtcdException? own = Array.Find(failed, a => IsPlaceOf(entry, a.Client.Place))?.Failure;
        EtcdException? only = failed is [var one] ? one.Failure : null;
        string why = !entry.IsStarted
            ? "it has never been started"
            : own?.Message.TrimEnd('.')
                ?? whyNotTried
                ?? "no endpoint that was tried answered with its ID"
                    + (only is null ? "" : $" ({only.Message.TrimEnd('.')})");
        return new EtcdException(
            ErrorIds.MemberUnreachable,
            EtcdErrorCategory.ConnectionError,
            $"Member {entry} ({HexId.Format(entry.Id)}) was not reached: {why}.",
            "Start the member, or specify the endpoint at which it answers.",
            HexId.Format(entry.Id),
            own ?? only
        );
    }

    private static bool IsPlaceOf(MemberEntry entry, MemberAddress place) =>
        entry.ClientUrls.Contains(place.Endpoint) || (entry.Name.Length > 0 && entry.Name == place.MemberName);

    private static EtcdException NobodyAnswered(List<DiscoveryAnswer> answers)
    {
        (MemberAddress, EtcdException)[] failed =
        [
            .. answers.Where(a => a.Failure is not null).Select(a => (a.Client.Place, a.Failure!)),
        ];
        EtcdException[] failures = [.. failed.Select(f => f.Item2)];
        if (failures.Length > 0 && failures.Select(f => f.ErrorId).Distinct().Count() == 1 && answers.Count == 1)
            return failures[0];
        if (answers.Exists(a => a.Id is not null))
            return new EtcdException(
                ErrorIds.OnlyLearnersAnswered,
                EtcdErrorCategory.InvalidOperation,
                "Only learners answered, and learners do not return the member list.",
                "Specify the endpoint of a voting member."
            );
        return new EtcdException(
            failures.Select(f => f.ErrorId).Distinct().Count() == 1 ? failures[0].ErrorId : ErrorIds.NoEndpointAnswered,
            failures.Length > 0 ? failures[0].Category : EtcdErrorCategory.ConnectionError,
            "No endpoint answered: " + string.Join(" ", CommonCauses.Merge(failed).Select(f => f.Message)),
            failures.Length > 0 ? failures[0].RecommendedAction : null,
            string.Join(",", answers.Select(a => a.Client.Place.Endpoint))
        );
    }

    private static void RequireOneCluster(List<DiscoveryAnswer> answers)
    {
        List<DiscoveryAnswer> answered = [.. answers.Where(a => a.Header is not null)];
        var clusters = answered.GroupBy(a => a.Header!.Value.ClusterId).ToList();
        if (clusters.Count == 1)
            return;
        IEnumerable<string> shown = clusters.Select(c =>
            $"{HexId.Format(c.Key)} at {string.Join(", ", c.Select(a => a.Client.Place))}"
        );
        throw new EtcdException(
            ErrorIds.SeveralEtcdClusters,
            EtcdErrorCategory.InvalidArgument,
            $"The endpoints belong to different clusters: {string.Join("; ", shown)}.",
            "Make one connection for each cluster.",
            string.Join(",", answered.Select(a => a.Client.Place.Endpoint))
        );
    }
}
