using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>The member list is read locally if etcdctl can do so, without a second start of an old etcdctl.</summary>
public sealed class EtcdctlListTests
{
    private const string Local = "--consistency=s";

    private static readonly CommandOutput Unknown = new(1, "", "Error: unknown flag: --consistency\n");

    private readonly ScriptedRunner _runner = new();

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_etcdctl_that_is_probably_old_is_started_in_both_ways_at_once()
    {
        EtcdctlMemberClient client = ClientOf(isProbablyOld: true);
        Task<MemberListReply> list = client.ListMembersAsync(linearizable: false, Limit);
        Assert.Equal([false, true], _runner.Started);
        _runner.End(isLocal: true, Unknown);
        _runner.End(isLocal: false, Answer(7));
        Assert.Equal(7UL, (await list).Header.MemberId);

        Task<MemberListReply> next = client.ListMembersAsync(linearizable: false, Limit);
        Assert.Equal([false, true, false], _runner.Started);
        _runner.End(isLocal: false, Answer(7));
        Assert.Equal(7UL, (await next).Header.MemberId);
    }

    [Fact]
    public async Task If_it_is_not_old_only_the_local_answer_counts()
    {
        EtcdctlMemberClient client = ClientOf(isProbablyOld: true);
        Task<MemberListReply> list = client.ListMembersAsync(linearizable: false, Limit);
        _runner.End(isLocal: true, Answer(7));
        Assert.Equal(7UL, (await list).Header.MemberId);
        Assert.Equal(1, _runner.Canceled);

        Task<MemberListReply> next = client.ListMembersAsync(linearizable: false, Limit);
        Assert.Equal([false, true, true], _runner.Started);
        _runner.End(isLocal: true, Answer(7));
        Assert.Equal(7UL, (await next).Header.MemberId);
    }

    [Fact]
    public async Task Without_a_hint_the_other_way_is_tried_after_a_refusal()
    {
        EtcdctlMemberClient client = ClientOf(isProbablyOld: false);
        Task<MemberListReply> list = client.ListMembersAsync(linearizable: false, Limit);
        Assert.Equal([true], _runner.Started);
        _runner.End(isLocal: true, Unknown);
        _runner.End(isLocal: false, Answer(7));
        Assert.Equal(7UL, (await list).Header.MemberId);
        Assert.Equal([true, false], _runner.Started);
    }

    private EtcdctlMemberClient ClientOf(bool isProbablyOld) =>
        new(
            new MemberAddress("pod"),
            new EtcdctlSettings
            {
                Endpoint = new EtcdEndpoint(false, "127.0.0.1", 2379),
                IsProbablyOld = isProbablyOld,
                OwnsEnvironment = true,
            },
            _runner
        );

    private static CommandOutput Answer(ulong member) =>
        new(0, $$"""{"header":{"cluster_id":5,"member_id":{{member}}},"members":[]}""", "");

    /// <summary>Programs that end when the test ends them, at the latest directly after they were started.</summary>
    private sealed class ScriptedRunner : ICommandRunner
    {
        private readonly Dictionary<bool, TaskCompletionSource<CommandOutput>> _programs = [];
        private readonly List<bool> _started = [];
        private int _canceled;

        /// <summary>For each start, whether it was a local read.</summary>
        public IReadOnlyList<bool> Started => _started;

        public int Canceled => _canceled;

        public void End(bool isLocal, CommandOutput output) => Program(isLocal).TrySetResult(output);

        public async Task<CommandOutput> RunAsync(
            string program,
            IReadOnlyList<string> arguments,
            ReadOnlyMemory<byte> input,
            CallBudget limit
        )
        {
            bool isLocal = arguments.Contains(Local);
            _started.Add(isLocal);
            try
            {
                return await Program(isLocal).Task.WaitAsync(limit.Stop);
            }
            catch (OperationCanceledException)
            {
                _canceled++;
                throw;
            }
            finally
            {
                _programs.Remove(isLocal);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private TaskCompletionSource<CommandOutput> Program(bool isLocal)
        {
            if (!_programs.TryGetValue(isLocal, out TaskCompletionSource<CommandOutput>? program))
                _programs[isLocal] = program = new TaskCompletionSource<CommandOutput>();
            return program;
        }
    }
}
