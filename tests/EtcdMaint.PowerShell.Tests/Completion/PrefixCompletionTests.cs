using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Completion;

/// <summary>-Prefix completes what this session has found, and asks no cluster.</summary>
public sealed class PrefixCompletionTests : IDisposable
{
    private const string Line = "Get-EtcdSpaceUsage -Connection $c -Prefix ";

    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    public PrefixCompletionTests() =>
        Answer(Samples.Usage("pods", "default"), Samples.Usage("nodes", null), Samples.UsageOf("/app/"));

    [Fact]
    public void Completes_nothing_before_the_first_result() => Assert.Empty(Complete(Line));

    [Theory]
    [InlineData("", "'/registry/pods/'", "'/registry/pods/default/'", "'/registry/nodes/'", "'/app/'")]
    [InlineData("/registry/pods", "'/registry/pods/'", "'/registry/pods/default/'")]
    [InlineData("'/registry/n", "'/registry/nodes/'")]
    [InlineData("/other")]
    public void Completes_prefixes_of_the_last_result_without_a_call(string typed, params string[] expected)
    {
        Run("$null = Get-EtcdSpaceUsage -Connection $c");
        _cluster.Calls.Clear();
        Assert.Equal(expected, Complete(Line + typed));
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void A_result_below_a_prefix_replaces_only_what_was_known_there()
    {
        Run("$null = Get-EtcdSpaceUsage -Connection $c");
        Answer(Samples.Usage("pods", "web"));
        Run("$null = Get-EtcdSpaceUsage -Connection $c -Prefix /registry/pods/");
        Assert.Equal(["'/registry/pods/'", "'/registry/pods/web/'", "'/registry/nodes/'", "'/app/'"], Complete(Line));
    }

    [Fact]
    public void A_failed_call_keeps_what_was_known()
    {
        Run("$null = Get-EtcdSpaceUsage -Connection $c");
        _cluster.OnGetSpaceUsage = (_, _, _) =>
            throw new EtcdException("Refused", EtcdErrorCategory.ConnectionError, "refused");
        Run("$null = Get-EtcdSpaceUsage -Connection $c -ErrorAction Ignore");
        Assert.Equal(["'/app/'"], Complete($"{Line}/app"));
    }

    [Fact]
    public void Each_connection_has_its_own_prefixes()
    {
        Run("$null = Get-EtcdSpaceUsage -Connection $c");
        Assert.Empty(_shell.Complete(Line, ("c", new FakeCluster("other", "c2").Connection)));
    }

    [Fact]
    public void Another_runspace_has_its_own_prefixes()
    {
        Run("$null = Get-EtcdSpaceUsage -Connection $c");
        using var other = new Shell();
        Assert.Empty(other.Complete(Line, ("c", _cluster.Connection)));
    }

    [Fact]
    public void A_prefix_that_cannot_be_typed_is_left_out()
    {
        Answer(Samples.UsageOf("/a\e[2J/"), Samples.UsageOf(""), Samples.UsageOf("/it's/"));
        Run("$null = Get-EtcdSpaceUsage -Connection $c");
        Assert.Equal(["'/it''s/'"], Complete(Line));
    }

    public void Dispose() => _shell.Dispose();

    private void Answer(params EtcdSpaceUsage[] rows) =>
        _cluster.OnGetSpaceUsage = (_, observer, _) =>
        {
            foreach (EtcdSpaceUsage row in rows)
                observer.Emit(row);
            return Task.CompletedTask;
        };

    private void Run(string script) => Assert.Empty(_shell.Run(script, ("c", _cluster.Connection)).ErrorText);

    private IEnumerable<string> Complete(string line) => _shell.Complete(line, ("c", _cluster.Connection));
}
