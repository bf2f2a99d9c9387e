using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Health;
using static EtcdMaint.Engine.Tests.Safety.Gates.GateStates;

namespace EtcdMaint.Engine.Tests.Operations.Health;

/// <summary>When hashes can be compared, and which reason is given when they cannot.</summary>
public sealed class HashComparisonTests
{
    private const long Compacted = 900;
    private const long Before = 500;

    private static readonly CallBudget Limit = new(TimeSpan.FromSeconds(1), CancellationToken.None);

    [Fact]
    public async Task Equal_hashes_from_the_same_compaction_are_compared()
    {
        HashVerdict verdict = await CompareAsync(Stored(), Stored(), Stored());
        Assert.Empty(verdict.Findings);
        Assert.Equal(3, verdict.Hashes.Length);
    }

    [Fact]
    public async Task Hashes_that_all_members_computed_anew_are_compared() =>
        Assert.Equal(3, (await CompareAsync(Computed(), Computed(), Computed())).Hashes.Length);

    [Fact]
    public async Task Another_hash_is_a_mismatch() =>
        Assert.Equal(
            "HashMismatch",
            Assert.Single((await CompareAsync(Stored(), Stored(hash: 8), Stored())).Findings).FindingId
        );

    [Fact]
    public async Task A_restarted_member_is_named_and_no_compaction_is_claimed() =>
        await AssertReasonAsync(
            "m1 has no hash that is comparable with those of m0 and m2, because it was started after the compaction to "
                + "revision 900 or is still compacting",
            "The next compaction makes the hashes comparable",
            Stored(),
            Computed(),
            Stored()
        );

    [Fact]
    public async Task Several_restarted_members_are_named() =>
        await AssertReasonAsync(
            "m0 and m2 have no hash that is comparable with that of m1, because they were started after the compaction "
                + "to revision 900 or are still compacting",
            "The next compaction makes the hashes comparable",
            Computed(),
            Stored(),
            Computed()
        );

    [Fact]
    public async Task A_restarted_member_that_refuses_is_named() =>
        await AssertReasonAsync(
            "m1 has no hash that is comparable with those of m0 and m2, because it was started after the compaction to "
                + "revision 900 or is still compacting",
            "The next compaction makes the hashes comparable",
            Stored() with
            {
                Version = "3.5.9",
            },
            Refused("3.5.9"),
            Stored() with
            {
                Version = "3.5.9",
            }
        );

    [Fact]
    public async Task A_compaction_that_one_member_has_seen_meanwhile_is_the_reason() =>
        await AssertReasonAsync(
            "a compaction occurred during the comparison",
            "Run the health check again",
            Stored() with
            {
                CompactedNow = 1200,
            },
            Refused("3.5.30"),
            Stored()
        );

    [Fact]
    public async Task Different_hashes_before_a_compaction_are_not_compared_after_it() =>
        await AssertReasonAsync(
            "a compaction occurred during the comparison",
            "Run the health check again",
            Stored(),
            Computed() with
            {
                CompactedNow = 1200,
            },
            Stored()
        );

    [Theory]
    [InlineData("3.4.23")]
    [InlineData("3.5.4")]
    public async Task A_release_that_keeps_no_hashes_is_the_reason_without_another_call(string version)
    {
        Answers[] answers = [Refused(version), Refused(version), Refused(version)];
        await AssertReasonAsync("the etcd release of m0, m1 and m2 keeps no hash from a compaction", null, answers);
        Assert.All(answers, a => Assert.Equal(0, a.RangeCalls));
    }

    [Fact]
    public async Task A_member_of_an_older_release_is_the_reason_during_an_upgrade() =>
        await AssertReasonAsync(
            "the etcd release of m1 keeps no hash from a compaction",
            null,
            Stored(),
            Computed() with
            {
                Version = "3.4.45",
            },
            Stored()
        );

    [Theory]
    [InlineData(null, "the compacted revision is unknown")]
    [InlineData(0L, "nothing has been compacted yet")]
    public async Task Without_a_compacted_revision_nothing_is_asked(long? compacted, string reason)
    {
        HashVerdict verdict = await new HashComparison(Of(Up(0), Up(1)), compacted, "test").CompareAsync(Limit);
        Assert.Contains(reason, Assert.Single(verdict.Findings).Message, StringComparison.Ordinal);
    }

    private static async Task AssertReasonAsync(string reason, string? action, params Answers[] members)
    {
        HashVerdict verdict = await CompareAsync(members);
        EtcdFinding finding = Assert.Single(verdict.Findings);
        Assert.Equal("HashNotCompared", finding.FindingId);
        Assert.Equal(EtcdFindingSeverity.Information, finding.Severity);
        Assert.Equal($"The members' data was not compared: {reason}.", finding.Message);
        Assert.Equal(action is null, finding.RecommendedAction is null);
        Assert.Contains(action ?? "", finding.RecommendedAction ?? "", StringComparison.Ordinal);
        Assert.Empty(verdict.Hashes);
    }

    private static Task<HashVerdict> CompareAsync(params Answers[] members) =>
        new HashComparison(Of([.. members.Select(Voter)]), Compacted, "test").CompareAsync(Limit);

    private static MemberReading Voter(Answers answers, int number)
    {
        MemberReading up = Up(number, s => s with { Version = answers.Version });
        IMemberClient client = DispatchProxy.Create<IMemberClient, Client>();
        ((Client)client).Answers = answers;
        return up with { Member = up.Member with { Client = client } };
    }

    /// <summary>The hash that the member kept from the compaction.</summary>
    private static Answers Stored(uint hash = 7) => new(new HashReply(Up(0).Status!.Header, hash, Before));

    /// <summary>A hash that the member computes when it is asked.</summary>
    private static Answers Computed() => new(new HashReply(Up(0).Status!.Header, 9, Compacted));

    private static Answers Refused(string version) => new((HashReply?)null) { Version = version };

    private sealed record Answers(HashReply? Reply)
    {
        public string Version { get; init; } = "3.5.30";

        public long CompactedNow { get; init; } = Compacted;

        public int RangeCalls { get; set; }
    }

    /// <summary>Answers only the two calls of the comparison.</summary>
    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The proxy derives from it.")]
    private class Client : DispatchProxy
    {
        public Answers Answers { get; set; } = new((HashReply?)null);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IMemberClient.HashAsync):
                    return Answers.Reply is { } reply
                        ? Task.FromResult(reply)
                        : Task.FromException<HashReply>(
                            MemberCallException.Create(CallFailure.Compacted, new MemberAddress("http://m:2379"))
                        );
                case nameof(IMemberClient.IsCompactedAsync):
                    Answers.RangeCalls++;
                    return Task.FromResult(Answers.CompactedNow >= (long)args![0]!);
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }
}
