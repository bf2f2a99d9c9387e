using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Connecting.Nodes;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Tests.Transport.Containers;

/// <summary>crictl is outside the PATH of users or of sudo.</summary>
[Trait("Kind", "Real")]
public sealed class ContainerFinderTests
{
    private const string List = """{"containers":[{"id":"abc","metadata":{"name":"etcd"}}]}""";

    private const string Rke2 =
        "/var/lib/rancher/rke2/bin/crictl --config /var/lib/rancher/rke2/agent/etc/crictl.yaml ";

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("crictl ", "crictl")]
    [InlineData("sudo -n -- crictl ", "crictl")]
    [InlineData("sudo -n -- /usr/local/bin/crictl ", "crictl /usr/local/bin/crictl")]
    [InlineData("sudo -n -- " + Rke2, "/var/lib/rancher/rke2/bin/crictl")]
    [InlineData(Rke2, "/var/lib/rancher/rke2/bin/crictl")]
    public async Task Crictl_is_found_where_it_works(string works, string installed)
    {
        var node = new ScriptedNode(command =>
            command.StartsWith(works, StringComparison.Ordinal)
                ? new CommandOutput(0, command.Contains(" ps ", StringComparison.Ordinal) ? List : "done", "")
            : command.StartsWith("sudo ", StringComparison.Ordinal)
            || installed.Split(' ').Contains(command.Split(' ')[0])
                ? new CommandOutput(1, "", "permission denied")
            : null
        );
        NodeContainer container = await FirstAsync(new ContainerFinder(node, EtcdContainerRuntime.Auto, null));
        await using ICommandRunner inside = container.Enter();
        CommandOutput output = await inside.RunAsync("etcdctl", ["version"], default, Limit);
        Assert.Equal("done", output.Output);
        Assert.Equal($"{works}exec abc etcdctl version", node.Last);
    }

    [Theory]
    [InlineData("every crictl refuses", "RuntimeUnusable", "crictl: permission denied")]
    [InlineData("crictl may not be run", "RuntimeUnusable", "crictl: sh: 1: crictl: Permission denied")]
    [InlineData("crictl is empty", "ContainerMissing", "crictl has no running container named etcd-container or etcd")]
    [InlineData("crictl is root's", "ContainerMissing", "crictl has no running container named etcd-container or etcd")]
    [InlineData(
        "crictl is empty, sudo asks",
        "ContainerMissing",
        "crictl has no running container named etcd-container or etcd for this user, and the "
            + "containers of root could not be listed (sudo: a password is required)"
    )]
    [InlineData("nothing", "RuntimeMissing", "there is no crictl")]
    public async Task The_failure_of_the_most_advanced_attempt_is_reported_once(
        string there,
        string failure,
        string message
    )
    {
        var node = new ScriptedNode(command =>
            (there, command) switch
            {
                ("every crictl refuses", _) when command.Contains("crictl", StringComparison.Ordinal) =>
                    new CommandOutput(1, "", "permission denied"),
                ("crictl may not be run", _) when command.StartsWith("crictl ", StringComparison.Ordinal) =>
                    throw new DialException(CallFailure.ProgramMissing, "sh: 1: crictl: Permission denied"),
                ("crictl is empty, sudo asks", _)
                    when command.StartsWith("sudo -n -- crictl ", StringComparison.Ordinal) => new CommandOutput(
                    1,
                    "",
                    "sudo: a password is required\n"
                ),
                ("crictl is empty" or "crictl is empty, sudo asks", _)
                    when command.StartsWith("crictl ", StringComparison.Ordinal) => new CommandOutput(
                    0,
                    "{\"containers\":[]}",
                    ""
                ),
                ("crictl is root's", _) when command.StartsWith("crictl ", StringComparison.Ordinal) =>
                    new CommandOutput(1, "", "permission denied"),
                ("crictl is root's", _) when command.StartsWith("sudo -n -- crictl ", StringComparison.Ordinal) =>
                    new CommandOutput(0, "{\"containers\":[]}", ""),
                _ => null,
            }
        );
        var finder = new ContainerFinder(node, EtcdContainerRuntime.Crictl, null);
        await foreach (IReadOnlyList<NodeContainer> _ in finder.FindAsync(_ => false, Limit))
            Assert.Fail("There is no container.");
        Assert.Equal((failure, message), (finder.NotFound().Failure.ToString(), finder.NotFound().Message));
    }

    private static async Task<NodeContainer> FirstAsync(ContainerFinder finder)
    {
        await foreach (IReadOnlyList<NodeContainer> found in finder.FindAsync(_ => false, Limit))
            return Assert.Single(found);
        throw finder.NotFound();
    }
}
