using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;
using EtcdMaint.Engine.Transports.Containers;

namespace EtcdMaint.Engine.Tests.Ssh;

/// <summary>Where crictl lies apart from the PATH of users or of sudo.</summary>
public sealed class ContainerFinderTests
{
    private const string List = """{"containers":[{"id":"abc","metadata":{"name":"etcd"}}]}""";

    private const string Rke2 = "/var/lib/rancher/rke2/bin/crictl --config /var/lib/rancher/rke2/agent/etc/crictl.yaml ";

    private static CallLimit Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

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
                : command.StartsWith("sudo ", StringComparison.Ordinal) || installed.Split(' ').Contains(command.Split(' ')[0])
                    ? new CommandOutput(1, "", "permission denied")
                    : null);
        ICommandRunner? container = await new ContainerFinder(node, EtcdContainerRuntime.Auto, null).FindAsync(Limit);
        CommandOutput output = await container!.RunAsync("etcdctl", ["version"], default, Limit);
        Assert.Equal("done", output.Output);
        Assert.Equal($"{works}exec abc etcdctl version", node.Last);
    }

    [Fact]
    public async Task What_was_passed_over_is_told_once()
    {
        var node = new ScriptedNode(command => command.Contains("crictl", StringComparison.Ordinal) ? new CommandOutput(1, "", "permission denied") : null);
        var finder = new ContainerFinder(node, EtcdContainerRuntime.Crictl, null);
        DialException refused = await Assert.ThrowsAsync<DialException>(() => finder.FindAsync(Limit));
        Assert.Equal((CallFailure.RuntimeUnusable, "crictl: permission denied"), (refused.Failure, refused.Message));
    }
}
