using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

public sealed class RoleNameTests
{
    private static readonly LockHolder Ann = new(
        Guid.Parse("6f0ab8a90b4e4a558f4f5b3a0e4f7a11"),
        "jump1",
        "ann",
        4711,
        new DateTimeOffset(2026, 11, 28, 2, 0, 0, TimeSpan.Zero)
    );

    [Fact]
    public void The_name_contains_the_readable_holder()
    {
        var name = new RoleName(3, Ann, TimeSpan.FromSeconds(60), 17);
        Assert.Equal(
            "etcdmaint-lock-3/ann@jump1/4711/2026-11-28T02:00:00Z/defragmentation/60s/6f0ab8a90b4e4a558f4f5b3a0e4f7a11/17",
            name.ToString()
        );
        Assert.Equal(name, RoleName.Read(name.ToString()));
    }

    [Theory]
    [InlineData("CORP\\ann", "host.example.org")]
    [InlineData("a/b@c d", "h@st/1")]
    [InlineData("Jürgen\u001b[31m", "服务器")]
    [InlineData("", "")]
    public void Users_and_hosts_with_any_characters_are_read_back_unchanged(string user, string host)
    {
        var name = new RoleName(
            1,
            Ann with
            {
                User = user,
                Host = host,
                Purpose = LockPurpose.Snapshot,
            },
            TimeSpan.FromSeconds(61.5),
            0
        );
        Assert.DoesNotContain(name.ToString(), c => c is < ' ' or > '~');
        RoleName? read = RoleName.Read(name.ToString());
        Assert.Equal(name with { TimeToLive = TimeSpan.FromSeconds(62) }, read);
    }

    [Fact]
    public void A_gate_has_no_holder() => Assert.Equal(RoleName.Gate(12), RoleName.Read("etcdmaint-lock-12"));

    [Theory]
    [InlineData("root")]
    [InlineData("etcdmaint-lock-")]
    [InlineData("etcdmaint-lock--1")]
    [InlineData("etcdmaint-lock-x")]
    [InlineData("etcdmaint-lock-99999999999")]
    [InlineData("etcdmaint-lock-1/ann")]
    [InlineData("etcdmaint-lock-1/ann@h/1/2026-11-28T02:00:00Z/defragmentation/60/6f0ab8a90b4e4a558f4f5b3a0e4f7a11/1")]
    [InlineData("etcdmaint-lock-1/ann@h/1/yesterday/defragmentation/60s/6f0ab8a90b4e4a558f4f5b3a0e4f7a11/1")]
    [InlineData("etcdmaint-lock-1/ann@h/1/2026-11-28T02:00:00Z/defragmentation/60s/6f0ab8a9/1")]
    public void Other_role_names_are_ignored(string role) => Assert.Null(RoleName.Read(role));
}
