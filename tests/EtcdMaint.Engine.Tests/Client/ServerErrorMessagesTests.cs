using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Client;

/// <summary>Error messages as servers of 3.4 to 3.6 were observed to send them.</summary>
public sealed class ServerErrorMessagesTests
{
    public static TheoryData<string, string> Seen =>
        new()
        {
            { "etcdserver: rpc not supported for learner", "Learner" },
            { "etcdserver: mvcc: required revision has been compacted", "Compacted" },
            { "etcdserver: mvcc: required revision is a future revision", "FutureRevision" },
            { "etcdserver: mvcc: database space exceeded", "NoSpace" },
            { "etcdserver: corrupt cluster", "Corrupt" },
            { "etcdserver: too many requests", "TooManyRequests" },
            { "etcdserver: not leader", "NotLeader" },
            { "etcdserver: no leader", "NoLeader" },
            { "etcdserver: leader changed", "NoLeader" },
            { "etcdserver: bad leader transferee", "BadTransferee" },
            { "etcdserver: request timed out, leader transfer took too long", "TransferTimedOut" },
            { "etcdserver: request timed out", "TimedOut" },
            { "context deadline exceeded", "TimedOut" },
            { "etcdserver: invalid auth token", "TokenRejected" },
            { "auth: invalid auth token", "TokenRejected" },
            { "etcdserver: revision of auth store is old", "TokenRejected" },
            { "etcdserver: authentication failed, invalid user ID or password", "LoginFailed" },
            { "etcdserver: user name is empty", "LoginRequired" },
            { "auth: user name is empty", "LoginRequired" },
            { "etcdserver: user name not found", "UserUnknown" },
            { "auth: user not found", "UserUnknown" },
            { "etcdserver: permission denied", "PermissionDenied" },
            { "etcdserver: requested lease not found", "LeaseNotFound" },
            { "write /data/member/snap/db.tmp.123: no space left on device", "DiskFull" },
        };

    [Theory]
    [MemberData(nameof(Seen))]
    public void Maps_each_message_to_its_failure(string text, string failure) =>
        Assert.Equal(failure, ServerErrorMessages.Classify(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("Error connecting to subchannel.")]
    public void Other_messages_map_to_no_failure(string text) => Assert.Null(ServerErrorMessages.Classify(text));

    [Fact]
    public void Every_failure_has_its_own_ID_and_action()
    {
        CallFailure[] failures = [.. Enum.GetValues<CallFailure>().Where(f => f is not CallFailure.Other)];
        Assert.All(failures, f => Assert.NotEqual("CallFailed", FailureCatalog.Of(f).ErrorId));
        Assert.Equal(failures.Length, failures.Select(f => FailureCatalog.Of(f).ErrorId).Distinct().Count());
        Assert.All(failures, f => Assert.EndsWith(".", FailureCatalog.Of(f).Action, StringComparison.Ordinal));
    }
}
