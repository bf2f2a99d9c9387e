using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Finds out who is in the cluster and who answers where. A URL says nothing about who is behind it: what counts is the
/// ID in the answer. Members are asked with a local read that answers even while they defragment.
/// </summary>
/// <param name="access">The ways to them.</param>
/// <param name="time">The time.</param>
/// <param name="identity">Told the ID of the cluster that answers; throws when it is another one than before.</param>
internal sealed class MemberDiscovery(IMemberSource access, TimeProvider time, ClusterIdentity identity)
{
    /// <summary>An advertised URL that leads nowhere must not cost the whole time allowed.</summary>
    private static readonly TimeSpan CandidateLimit = TimeSpan.FromSeconds(3);

    private readonly DiscoveryRound _round = new(time);

    public EndpointIdentities Identities { get; } = new();

    /// <summary>Learns which cluster it is from whoever answers first.</summary>
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

    /// <summary>Builds the member list from the answers of all members.</summary>
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
    /// The same for whoever wants each member's status next: where a question is a program run, statuses come along,
    /// and one member's list has to do.
    /// </summary>
    public async Task<ClusterMembership> TakeForStatusAsync(CallBudget limit)
    {
        IReadOnlyList<IMemberClient> clients = await access.GetClientsAsync(limit).ConfigureAwait(false);
        List<DiscoveryAnswer>? answers = access.RunsPrograms
            ? await _round.AskForStatusAsync(clients, limit).ConfigureAwait(false)
            : null;
        return await ReadAsync(answers ?? await AskForListsAsync(clients, limit).ConfigureAwait(false), limit)
            .ConfigureAwait(false);
    }

    private Task<List<DiscoveryAnswer>> AskForListsAsync(IReadOnlyList<IMemberClient> clients, CallBudget limit) =>
        _round.AskForListsAsync(clients, answers => IsEveryoneHere(answers, clients.Count), limit);

    private async Task<ClusterMembership> ReadAsync(List<DiscoveryAnswer> answers, CallBudget limit)
    {
        List<DiscoveryAnswer> answered = [.. answers.Where(a => a.List is not null)];
        if (answered.Count == 0)
            throw NobodyAnswered(answers);
        RequireOneCluster(answers);

        // A member that was cut off may hold an old list; the one with the newest term holds the newest.
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
    /// Whether all that any list names have answered. One member alone is not believed while most others are silent:
    /// its list may be an old one that names nobody else. One that answers at two places is one all the same.
    /// </summary>
    private static bool IsEveryoneHere(List<DiscoveryAnswer> answers, int asked)
    {
        var answered = answers.Select(a => a.Id).OfType<ulong>().ToHashSet();
        MemberListReply[] lists = [.. answers.Select(a => a.List).OfType<MemberListReply>()];
        return lists.Length > 0
            && 2 * answered.Count >= asked
            && lists.SelectMany(l => l.Members).All(m => answered.Contains(m.Id));
    }

    /// <summary>
    /// An endpoint that several members share is used only where the member has no endpoint of its own.
    /// </summary>
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

    /// <summary>Adds what can be learned of places that did not say in time who is there.</summary>
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
        bool[] areHeldUp = await Task.WhenAll(unnamed.Select(c => c.IsHeldUpAsync(limit))).ConfigureAwait(false);
        return membership with { Unresponsive = [.. unnamed.Where((_, i) => areHeldUp[i]).Select(c => c.Place)] };
    }

    /// <summary>
    /// A metrics page names its member. It also comes while an etcdctl before 3.6 cannot list the members, because a
    /// write waits behind a defragmentation.
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

    /// <summary>The failure at the member's own URL says most about why it is not there.</summary>
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
                ?? "no endpoint that was tried answers with its ID"
                    + (only is null ? "" : $" ({only.Message.TrimEnd('.')})");
        return new EtcdException(
            ErrorIds.MemberUnreachable,
            EtcdErrorCategory.ConnectionError,
            $"Member {entry} ({HexId.Format(entry.Id)}) was not reached: {why}.",
            "Start it, or give the endpoint at which it answers.",
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
                "Only learners answered, and learners do not give the member list.",
                "Give the endpoint of a voting member."
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
