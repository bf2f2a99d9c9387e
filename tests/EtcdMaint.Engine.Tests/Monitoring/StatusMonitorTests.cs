using System.Runtime.CompilerServices;
using EtcdMaint.Monitoring;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Monitoring;

/// <summary>What a sequence of readings shows: rates, changes, and members that stop answering.</summary>
public sealed class StatusMonitorTests
{
    private readonly FakeTimeProvider _time = new();

    private readonly StatusMonitor _monitor;

    public StatusMonitorTests() => _monitor = new StatusMonitor(_time);

    [Fact]
    public void Rates_are_those_since_the_last_answer()
    {
        Assert.Null(Read(Member("m1", revision: 100, size: 1_000_000))[0].Status.WritesPerSecond);

        Wait(2);
        EtcdMemberStatus second = Read(Member("m1", revision: 150, size: 1_500_000))[0].Status;
        Assert.Equal(25, second.WritesPerSecond);
        Assert.Equal(250_000, second.GrowthBytesPerSecond);
        Assert.Equal(_time.GetUtcNow(), second.ReadAt);

        Wait(2);
        EtcdMemberStatus silent = Read(Silent("m1"))[0].Status;
        Assert.Null(silent.WritesPerSecond);
        Assert.Null(silent.GrowthBytesPerSecond);

        Wait(2);
        EtcdMemberStatus back = Read(Member("m1", revision: 250, size: 1_100_000))[0].Status;
        Assert.Equal(25, back.WritesPerSecond);
        Assert.Equal(-100_000, back.GrowthBytesPerSecond);
    }

    [Fact]
    public void A_lower_revision_belongs_to_another_history_and_has_no_rate()
    {
        Read(Member("m1", revision: 100));
        Wait(2);
        Assert.Null(Read(Member("m1", revision: 7))[0].Status.WritesPerSecond);
    }

    [Fact]
    public void A_reading_without_any_answer_keeps_the_members_as_unreachable()
    {
        Read(Member("m1"), Member("m2"));
        Wait(2);
        IReadOnlyList<ObservedStatus> members = Read();
        Assert.Equal(["m1", "m2"], members.Select(member => member.Status.MemberName));
        Assert.All(members, member => Assert.False(member.Status.IsReachable));
        Assert.All(members, member => Assert.Null(member.Status.DbSize));
        Assert.All(members, member => Assert.Equal("no longer answers", member.Change));
    }

    [Fact]
    public void A_member_that_left_is_forgotten_and_a_new_one_has_no_change()
    {
        Read(Member("m1"), Member("m2"));
        ObservedStatus[] members = [.. Read(Member("m1"), Member("m3"))];
        Assert.Equal(["m1", "m3"], members.Select(member => member.Status.MemberName));
        Assert.All(members, member => Assert.Null(member.Change));
    }

    [Fact]
    public void Changes_are_described_and_shown_for_a_while()
    {
        Read(Member("m1", leads: true, size: 2_000_000_000, alarm: true));
        Wait(2);
        ObservedStatus changed = Read(Member("m1", size: 50_000_000, version: "3.5.31"))[0];
        Assert.Equal(
            "Voter, was Leader; NoSpace cleared; version 3.5.31, was 3.5.30; the file was 2.0 GB",
            changed.Change
        );
        Wait(20);
        ObservedStatus later = Read(Member("m1", size: 51_000_000, version: "3.5.31"))[0];
        Assert.Equal((changed.Change, TimeSpan.FromSeconds(20)), (later.Change, later.ChangeAge));
        Wait(20);
        Assert.Null(Read(Member("m1", size: 52_000_000, version: "3.5.31"))[0].Change);
    }

    [Fact]
    public void A_member_that_does_not_answer_shows_since_when_and_what_changed_meanwhile()
    {
        Read(Member("m1"));
        Wait(2);
        Read(Silent("m1"));
        Wait(120);
        ObservedStatus silent = Read(Silent("m1"))[0];
        Assert.Equal(("no longer answers", TimeSpan.FromSeconds(120)), (silent.Change, silent.ChangeAge));
        Assert.Equal("answers again; Leader, was Voter", Read(Member("m1", leads: true))[0].Change);
    }

    [Fact]
    public void Readings_do_not_accumulate()
    {
        WeakReference[] rows = ReadMany(2_000);
        GC.Collect();

        // Those of the last 30 seconds are compared with the next reading.
        Assert.InRange(rows.Count(row => row.IsAlive), 0, 100);
        Assert.NotEmpty(Read(Member("m1"), Member("m2")));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] ReadMany(int readings)
    {
        var rows = new List<WeakReference>();
        for (int i = 0; i < readings; i++)
        {
            Wait(2);
            EtcdMemberStatus first = Member("m1", revision: i, leads: i % 2 == 0);
            EtcdMemberStatus second = i % 3 == 0 ? Silent("m2") : Member("m2", revision: i);
            rows.AddRange([new WeakReference(first), new WeakReference(second)]);
            Read(first, second);
        }
        return [.. rows];
    }

    private void Wait(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private IReadOnlyList<ObservedStatus> Read(params EtcdMemberStatus[] rows) =>
        _monitor.Add(rows, _time.GetTimestamp());

    private static EtcdMemberStatus Member(
        string name,
        long revision = 1,
        long size = 1_000_000,
        bool leads = false,
        bool alarm = false,
        string version = "3.5.30"
    ) =>
        new()
        {
            ClusterName = "prod",
            MemberId = name,
            MemberName = name,
            Revision = revision,
            DbSize = size,
            IsLeader = leads,
            Alarm = alarm ? [EtcdAlarmType.NoSpace] : [],
            Version = version,
            IsReachable = true,
        };

    private static EtcdMemberStatus Silent(string name) =>
        new()
        {
            ClusterName = "prod",
            MemberId = name,
            MemberName = name,
        };
}
