using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>Messages of sudo itself are distinguished from those of the program. Observed on sudo 1.9.13p3.</summary>
[Trait("Kind", "Real")]
public sealed class SudoTests
{
    private static readonly string[] Places = ["etcdctl", "/usr/local/bin/etcdctl", "/opt/bin/etcdctl"];

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("sudo: etcdctl: command not found")]
    [InlineData("sudo: 'etcdctl': command not found")]
    [InlineData("sudo: unable to resolve host node1: Name or service not known\nsudo: etcdctl: Befehl nicht gefunden")]
    public async Task A_program_that_is_not_on_the_path_of_sudo_is_tried_in_the_other_folders(string words)
    {
        var node = new ScriptedNode(command =>
            command.StartsWith("sudo -n -- /usr/local/bin/etcdctl ", StringComparison.Ordinal)
                ? new CommandOutput(0, "etcdctl version: 3.5.30", "")
                : new CommandOutput(1, "", words)
        );
        await using var finder = new ProgramFinder(new SudoCommandRunner(node), "etcdctl", Places);
        Assert.Equal(0, (await finder.RunAsync("etcdctl", ["version"], default, Limit)).ExitCode);
        Assert.Equal("sudo -n -- /usr/local/bin/etcdctl version", node.Last);
    }

    [Fact]
    public async Task A_program_that_is_in_none_of_the_folders_is_missing()
    {
        var node = new ScriptedNode(command => new CommandOutput(
            1,
            "",
            $"sudo: {command.Split(' ')[3]}: command not found"
        ));
        await using var finder = new ProgramFinder(new SudoCommandRunner(node), "etcdctl", Places);
        DialException missing = await Assert.ThrowsAsync<DialException>(() =>
            finder.RunAsync("etcdctl", ["version"], default, Limit)
        );
        Assert.Equal(
            (CallFailure.ProgramMissing, "sudo: /opt/bin/etcdctl: command not found"),
            (missing.Failure, missing.Message)
        );
    }

    [Theory]
    [InlineData(1, "", "sudo: a password is required")]
    [InlineData(1, "", "sudo: crictl: command not found")]
    [InlineData(1, "", "Error: sudo: etcdctl: command not found")]
    [InlineData(1, "{}", "sudo: etcdctl: command not found")]
    [InlineData(2, "", "sudo: etcdctl: command not found")]
    [InlineData(0, "", "sudo: etcdctl: command not found")]
    public async Task Any_other_output_is_an_answer(int exitCode, string printed, string words)
    {
        var answer = new CommandOutput(exitCode, printed, words);
        await using var sudo = new SudoCommandRunner(new ScriptedNode(_ => answer));
        Assert.Same(answer, await sudo.RunAsync("etcdctl", ["version"], default, Limit));
    }
}
