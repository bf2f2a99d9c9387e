using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>
/// States of a cluster as the gates see them: m0 leads three healthy voters unless a test says otherwise.
/// </summary>
internal static class GateStates
{
    public static readonly EtcdException Unreachable = new(
        "MemberUnreachable",
        EtcdErrorCategory.ConnectionError,
        "It was not reached."
    );

    public static ClusterState Of(params MemberReading[] readings) =>
        new(new ClusterMembership(0xc1, [.. readings.Select(r => r.Member)], true), readings, null, []);

    public static ClusterState Sound(int voters = 3) => Of([.. Enumerable.Range(0, voters).Select(i => Up(i))]);

    public static MemberReading Up(int number, Func<StatusReply, StatusReply>? with = null, bool isLearner = false)
    {
        var status = new StatusReply
        {
            Header = new ReplyHeader(0xc1, Id(number), 100, 2),
            Version = "3.5.30",
            DbSize = 1_000_000_000,
            DbSizeInUse = 100_000_000,
            Leader = Id(0),
            RaftTerm = 2,
            RaftIndex = 10_000,
            RaftAppliedIndex = 10_000,
            IsLearner = isLearner,
        };
        return new MemberReading(Member(number, isLearner), with?.Invoke(status) ?? status, null, TimeSpan.Zero, null);
    }

    public static MemberReading Down(int number, bool isLearner = false) =>
        new(Member(number, isLearner), null, null, null, Unreachable);

    /// <summary>The member reported its ID, and has not answered since.</summary>
    public static MemberReading Silent(int number)
    {
        var place = new MemberAddress($"http://m{number}:2379");
        var client = new LazyMemberClient(place, _ => throw new NotSupportedException(), TimeProvider.System);
        return new MemberReading(
            Member(number, false) with
            {
                Client = client,
            },
            null,
            null,
            null,
            MemberCallException.Create(CallFailure.TimedOut, place)
        );
    }

    public static ulong Id(int number) => (ulong)(0x10 + number);

    private static ResolvedMember Member(int number, bool isLearner) =>
        new(new MemberEntry(Id(number), $"m{number}", [], [], isLearner), null, null);
}
