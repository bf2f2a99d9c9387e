using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>The script that reads spans of keys, and recorded replies to it.</summary>
public sealed class EtcdctlSpansTests
{
    /// <summary>3.4.23. Later releases write response_range.</summary>
    private static readonly string Recorded = """
        {"header":{"cluster_id":15875391935852295136,"member_id":7383792418829112008,"revision":6,"raft_term":2},
        "succeeded":true,"responses":[
        {"Response":{"ResponseRange":{"header":{"revision":6},
        "kvs":[{"key":"YS8x","create_revision":2,"mod_revision":2,"version":1}],"more":true,"count":3}}},
        {"Response":{"ResponseRange":{"header":{"revision":6},"kvs":[
        {"key":"YS8x","create_revision":2,"mod_revision":2,"version":1,"value":"MTIzNDU="},
        {"key":"YS8y","create_revision":3,"mod_revision":3,"version":1,"value":"MQ=="},
        {"key":"YS8z","create_revision":4,"mod_revision":4,"version":1}],"count":3}}},
        {"Response":{"ResponseRange":{"header":{"revision":6},
        "kvs":[{"key":"/wA=","create_revision":6,"mod_revision":6,"version":1,"value":"djEy"}],"count":1}}},
        {"Response":{"ResponseRange":{"header":{"revision":6}}}}]}
        """.ReplaceLineEndings("");

    private static readonly KeySpan[] Spans =
    [
        KeySpan.OfPrefix("a/"),
        KeySpan.OfPrefix("a/") with
        {
            Limit = 3,
            WithValues = true,
        },
        new("\u00ff", KeySpan.Endless, Limit: 2, WithValues: true),
        new("z", "zz", Limit: 1),
    ];

    private static CallBudget Limit => new(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public static TheoryData<string> Outputs =>
        [
            Recorded,
            Recorded.Replace("ResponseRange", "response_range", StringComparison.Ordinal) + "\n",
            $"Welcome to {{node1}}\r\n{{ not a message\r\n{Recorded}\r\n\r\n",
            Recorded.Replace(
                "\"kvs\":[{\"key\":\"/wA=\"",
                "\"x\":null,\"kvs\":[{\"key\":\"/wA=\"",
                StringComparison.Ordinal
            ),
            Recorded.Replace(
                "\"header\":{\"revision\":6}}}",
                "\"header\":null,\"kvs\":null}}",
                StringComparison.Ordinal
            ),
        ];

    [Fact]
    public void Each_line_of_the_script_is_a_local_read_with_all_flags() =>
        Assert.Equal(
            """

            get --consistency=s --rev=5 --limit=1 --keys-only=true -- "a/" "a0"
            get --consistency=s --rev=5 --limit=3 --keys-only=false -- "a/" "a0"
            get --consistency=s --rev=5 --limit=2 --keys-only=false -- "\xff" "\x00"
            get --consistency=s --rev=5 --limit=1 --keys-only=true -- "z" "zz"



            """,
            Encoding.ASCII.GetString(EtcdctlTxnScript.Read(Spans, 5)),
            ignoreLineEndingDifferences: true
        );

    [Fact]
    public void A_script_holds_every_byte_in_one_line()
    {
        string key = new([.. Enumerable.Range(0, 256).Select(b => (char)b)]);
        string line = Encoding.ASCII.GetString(EtcdctlTxnScript.Read([new KeySpan(key, "\0")], 0)).Trim();
        Assert.DoesNotContain('\n', line);
        Assert.All(line, c => Assert.InRange(c, ' ', '~'));
        Assert.Contains("""-- "\x00\x01""", line);
        Assert.Contains("""\x1f !\x22#$%&'()""", line);
        Assert.Contains("""[\x5c]""", line);
        Assert.EndsWith("\\xff\" \"\\x00\"", line);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Counts_keys_and_sizes_are_read(string output)
    {
        await using EtcdctlMemberClient client = ClientFor(new CommandOutput(0, output, ""));
        KeySpansReply reply = await client.ReadSpansAsync(Spans, 0, Limit);
        Assert.Equal(new ReplyHeader(15875391935852295136, 7383792418829112008, 6, 2), reply.Header);
        Assert.Equal([3, 3, 1, 0], reply.Spans.Select(s => s.Count));
        Assert.Equal(
            [
                [],
                [new("a/1", 8), new("a/2", 4), new("a/3", 3)],
                [new("\u00ff\0", 5)],
                [],
            ],
            reply.Spans.Select(s => s.Keys.ToArray())
        );
    }

    [Fact]
    public void A_value_is_measured_only_if_it_was_asked_for() =>
        Assert.Equal(
            [new("a/1", 0), new("a/2", 0), new("a/3", 0)],
            EtcdctlSpans.Read(Recorded, [.. Spans.Select(s => s with { Limit = 3, WithValues = false })]).Spans[1].Keys
        );

    [Fact]
    public void A_value_is_measured_to_the_byte()
    {
        KeySpan[] one = [KeySpan.All with { Limit = 1, WithValues = true }];
        for (int length = 0; length < 10; length++)
        {
            string value = Convert.ToBase64String(new byte[length]);
            string output =
                "{\"responses\":[{\"Response\":{\"response_range\":{\"kvs\":[{\"key\":\"YQ==\",\"value\":\""
                + $"{value}\"}}],\"count\":\"1\"}}}}}}]}}";
            KeySpanReply reply = Assert.Single(EtcdctlSpans.Read(output, one).Spans);
            Assert.Equal(1, reply.Count);
            Assert.Equal(new KeySize("a", 1 + length), Assert.Single(reply.Keys));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(400)]
    public async Task A_truncated_reply_is_a_lost_connection(int removed)
    {
        string output = removed == 0 ? "{\"header\":{\"revision\":6},\"succeeded\":true}" : Recorded[..^removed];
        await using EtcdctlMemberClient client = ClientFor(new CommandOutput(0, output, ""));
        Assert.Equal(CallFailure.ConnectionLost, await FailureAsync(client));
    }

    [Theory]
    [InlineData("etcdserver: too many operations in txn request", CallFailure.TooManyOperations)]
    [InlineData("etcdserver: mvcc: required revision has been compacted", CallFailure.Compacted)]
    [InlineData("etcdserver: mvcc: required revision is a future revision", CallFailure.FutureRevision)]
    [InlineData("etcdserver: permission denied", CallFailure.PermissionDenied)]
    public async Task A_refusal_is_recognized(string text, object failure)
    {
        string errors =
            "{\"level\":\"warn\",\"ts\":\"2026-11-29T01:43:43.404Z\",\"msg\":\"retrying of unary invoker failed\","
            + $"\"error\":\"rpc error: code = InvalidArgument desc = {text}\"}}\nError: {text}\n";
        await using EtcdctlMemberClient client = ClientFor(new CommandOutput(1, "", errors));
        Assert.Equal(failure, await FailureAsync(client));
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_a_response_that_is_too_large()
    {
        var tooLarge = new DialException(CallFailure.ResponseTooLarge, "etcdctl printed more than 32 MB");
        await using EtcdctlMemberClient client = ClientFor(tooLarge);
        Assert.Equal(CallFailure.ResponseTooLarge, await FailureAsync(client));
    }

    [Fact]
    public async Task A_watch_is_refused_before_a_program_runs()
    {
        await using IMemberClient client = ClientFor(new InvalidOperationException("a program ran"));
        Assert.False(client.CanWatch);
        Assert.Equal(
            CallFailure.NotSupportedHere,
            Assert.Throws<MemberCallException>(() => client.WatchAsync(KeySpan.All, Limit)).Failure
        );
    }

    private static async Task<CallFailure> FailureAsync(EtcdctlMemberClient client) =>
        (await EtcdctlMember.FailureAsync(() => client.ReadSpansAsync(Spans, 0, Limit))).Failure;

    private static EtcdctlMemberClient ClientFor(object outcome) =>
        EtcdctlMember.ClientFor(
            new EtcdctlSettings { Endpoint = new EtcdEndpoint(false, "127.0.0.1", 2379) },
            new ScriptedRunner(outcome)
        );

    /// <summary>Every program has the same output, or fails in the same way.</summary>
    private sealed class ScriptedRunner(object outcome) : ICommandRunner
    {
        public Task<CommandOutput> RunAsync(
            string program,
            IReadOnlyList<string> arguments,
            ReadOnlyMemory<byte> input,
            CallBudget limit
        ) =>
            outcome is Exception failure
                ? Task.FromException<CommandOutput>(failure)
                : Task.FromResult((CommandOutput)outcome);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
