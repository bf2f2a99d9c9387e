using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Safety;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>Reads that continue although members fail, are behind or compact.</summary>
public sealed class SpanReaderTests
{
    private static readonly MemoryKeys Keys = new(Enumerable.Range(0, 500).Select(i => new KeySize($"k{i:d4}", 1000)));

    private static readonly KeySpan[] Spans =
    [
        .. Enumerable.Range(0, 300).Select(i => new KeySpan($"k{i:d4}", $"k{i + 1:d4}", 1, WithValues: true)),
    ];

    [Fact]
    public async Task A_member_that_fails_is_left_out_and_the_other_continues()
    {
        var broken = new MemoryMember(Keys, "m1") { FailureOf = call => call > 1 ? CallFailure.ConnectionLost : null };
        var healthy = new MemoryMember(Keys, "m2");
        SpanReader reader = SpaceReads.ReaderOf(broken, healthy);

        AssertRead(await reader.ReadAsync(Spans, 10));
        Assert.Equal(["m2"], reader.Members.Select(member => $"{member}"));
        Assert.Equal(2, broken.Calls);
    }

    [Fact]
    public async Task The_failure_of_the_last_member_is_the_error()
    {
        var first = new MemoryMember(Keys, "m1") { FailureOf = _ => CallFailure.ConnectionLost };
        var last = new MemoryMember(Keys, "m2") { FailureOf = call => call > 3 ? CallFailure.TimedOut : null };
        SpanReader reader = SpaceReads.ReaderOf(first, last);

        MemberCallException failed = await Assert.ThrowsAsync<MemberCallException>(() => reader.ReadAsync(Spans, 10));
        Assert.Equal(CallFailure.TimedOut, failed.Failure);
        Assert.Equal(1, first.Calls);
    }

    [Fact]
    public async Task A_failure_that_all_members_would_report_ends_the_reads_at_once()
    {
        var refusing = new MemoryMember(Keys, "m1") { FailureOf = _ => CallFailure.PermissionDenied };
        var other = new MemoryMember(Keys, "m2");
        await Assert.ThrowsAsync<MemberCallException>(() => SpaceReads.ReaderOf(refusing, other).ReadAsync(Spans[..1]));
        Assert.Equal(0, other.Calls);
    }

    [Fact]
    public async Task After_a_compaction_the_reads_move_to_the_newest_revision_once()
    {
        int moves = 0;
        MemoryMember compacted = new(Keys, "m1")
        {
            Revision = 250,
            CompactedRevision = 200,
            RevisionFailure = () =>
            {
                moves++;
                return null;
            },
        };
        SpanReader reader = SpaceReads.ReaderOf(compacted);
        AssertRead(await reader.ReadAsync(Spans, 10));
        Assert.True(reader is { HasMoved: true, Revision: 250 }, $"{reader.Revision}");
        Assert.Equal(1, moves);
    }

    /// <summary>After a move, the others are still read, because they apply the revision soon.</summary>
    [Fact]
    public async Task A_move_survives_the_failure_of_the_member_that_was_asked_for_the_revision()
    {
        MemoryMember ahead = new(Keys, "m1") { Revision = 250, CompactedRevision = 200 };
        MemoryMember broken = new(Keys, "m2")
        {
            Revision = 250,
            CompactedRevision = 200,
            RevisionFailure = () => CallFailure.TimedOut,
        };
        SpanReader reader = SpaceReads.ReaderOf(broken, ahead);
        AssertRead(await reader.ReadAsync(Spans, 10));
        Assert.Equal(["m1"], reader.Members.Select(member => $"{member}"));

        MemoryMember dying = new(Keys, "m3")
        {
            Revision = 250,
            CompactedRevision = 200,
            FailureOf = call => call > 1 ? CallFailure.ConnectionLost : null,
        };
        reader = SpaceReads.ReaderOf(dying, ahead);
        AssertRead(await reader.ReadAsync(Spans, 10));
        Assert.Equal(["m1"], reader.Members.Select(member => $"{member}"));
    }

    [Fact]
    public async Task A_member_that_is_behind_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var behind = new MemoryMember(Keys) { Revision = MemoryMember.FirstRevision - 1 };
        Task<KeySpanReply[]> read = SpaceReads.ReaderAt(time, behind).ReadAsync(Spans[..1]);
        for (int i = 0; i < 5; i++)
            time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(read.IsCompleted);
        behind.Revision++;
        time.Advance(TimeSpan.FromMilliseconds(100));
        AssertRead(await read.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_member_that_remains_behind_is_left_out()
    {
        var time = new FakeTimeProvider();
        var behind = new MemoryMember(Keys, "m1") { Revision = MemoryMember.FirstRevision - 1 };
        var slow = new MemoryMember(Keys, "m2")
        {
            FailureOf = _ =>
            {
                time.Advance(Limits.Space.CatchUpTime);
                return CallFailure.TimedOut;
            },
        };
        SpanReader reader = SpaceReads.ReaderAt(time, behind, slow, new MemoryMember(Keys, "m3"));
        Task<KeySpanReply[]> read = reader.ReadAsync(Spans[..1]);
        time.Advance(TimeSpan.FromSeconds(1));
        AssertRead(await read.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(["m3"], reader.Members.Select(member => $"{member}"));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(20)]
    [InlineData(1)]
    public async Task Calls_are_halved_until_the_member_accepts_their_operations(int maximum)
    {
        var member = new MemoryMember(new MemoryKeys(Keys.Sizes)) { MaximumOperations = maximum };
        SpanReader reader = SpaceReads.ReaderOf(member);
        AssertRead(await reader.ReadAsync(Spans));
        (int calls, int answered) = (member.Calls, member.Keys.Calls);
        AssertRead(await reader.ReadAsync(Spans));

        // The second time, the size of a call is known, so no call is refused.
        Assert.InRange(member.Calls - calls, 300 / maximum, 2 * 300 / maximum + 2);
        Assert.Equal(member.Calls - calls, member.Keys.Calls - answered);
    }

    [Fact]
    public async Task Calls_are_halved_until_their_replies_are_small_enough()
    {
        var member = new MemoryMember(Keys) { MaximumReplyBytes = 3000 };
        SpanReader reader = SpaceReads.ReaderOf(member);
        AssertRead(await reader.ReadAsync(Spans));

        KeySpanReply page = Assert.Single(await reader.ReadAsync([KeySpan.All with { Limit = 16, WithValues = true }]));
        Assert.Equal(500, page.Count);
        Assert.Equal(["k0000", "k0001"], page.Keys.Select(key => key.Key));

        SpanReader none = SpaceReads.ReaderOf(new MemoryMember(Keys) { MaximumReplyBytes = 500 });
        MemberCallException failed = await Assert.ThrowsAsync<MemberCallException>(() => none.ReadAsync(Spans));
        Assert.Equal(CallFailure.ResponseTooLarge, failed.Failure);
    }

    private static void AssertRead(KeySpanReply[] replies) =>
        Assert.Equal(
            Enumerable.Range(0, replies.Length).Select(i => (1L, new KeySize($"k{i:d4}", 1000))),
            replies.Select(reply => (reply.Count, Assert.Single(reply.Keys)))
        );
}
