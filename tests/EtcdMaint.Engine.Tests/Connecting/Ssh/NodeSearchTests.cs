using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Ssh;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Connecting.Nodes;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Connecting.Ssh;

/// <summary>
/// Which etcd and which container of a node are selected when there are several: the intended one or none.
/// </summary>
[Trait("Kind", "Real")]
public sealed class NodeSearchTests
{
    private const string First = "1111111111111111111111111111111111111111111111111111111111111111";
    private const string Second = "2222222222222222222222222222222222222222222222222222222222222222";

    private const string Node =
        "pid 7\nlistens 00000000:094B\nenviron\narg etcd\narg --name=node\narg "
        + "--data-dir=/var/lib/etcd\narg --listen-client-urls=https://0.0.0.0:2379\n";

    private const string Application =
        "pid 8\nelsewhere\nlistens 00000000:094B\nenviron\narg etcd\narg --name=app\narg "
        + "--listen-client-urls=http://0.0.0.0:2379\n";

    private const string Other =
        "pid 9\nlistens 0100007F:0FA2\nenviron\narg etcd\narg --name=events\narg "
        + "--data-dir=/var/lib/events\narg --listen-client-urls=https://127.0.0.1:4002\n";

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(null)]
    [InlineData("etcd")]
    [InlineData("111111111111")]
    [InlineData(First)]
    public async Task The_etcd_of_an_application_in_a_container_of_the_same_name_is_not_used(string? container)
    {
        NodeEtcd found = await FindAsync(
            In(Node, First) + In(Application, Second),
            Crictl((First, "etcd"), (Second, "etcd")),
            container: container
        );
        Assert.Equal((7, First), (found.Certain!.Id, found.Container!.Id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("etcd")]
    public async Task When_control_groups_show_no_container_the_process_reported_by_the_runtime_is_used(
        string? container
    )
    {
        NodeEtcd found = await FindAsync(
            $"{Node}above 70\nabove 1\n{Application}above 80\nabove 1\n",
            Crictl((Second, "etcd"), (First, "etcd")),
            container: container,
            first: new() { [First] = 70, [Second] = 80 }
        );
        Assert.Equal((7, First), (found.Certain!.Id, found.Container!.Id));
    }

    [Fact]
    public async Task The_container_of_the_application_can_be_selected_by_name()
    {
        NodeEtcd found = await FindAsync(
            In(Node, First) + In(Application, Second),
            Crictl((First, "etcd"), (Second, "etcd")),
            container: Second[..12]
        );
        Assert.Equal((8, Second), (found.Certain!.Id, found.Container!.Id));
    }

    [Fact]
    public async Task An_etcd_outside_of_containers_is_not_searched_for_in_the_container_of_the_application()
    {
        NodeEtcd found = await FindAsync(
            $"{Node}above 1\n{In(Application, Second)}",
            Crictl((Second, "etcd")),
            first: new() { [Second] = 8 }
        );
        Assert.Equal((7, null), (found.Certain!.Id, found.Container));
        Assert.Contains("does not run in it", found.PassedOver, StringComparison.Ordinal);

        // This also holds when the given client URL belongs to an etcd that cannot be seen.
        found = await FindAsync(In(Application, Second), Crictl((Second, "etcd")), "https://127.0.0.1:3379");
        Assert.Equal((null, null), (found.Process, found.Container));
        Assert.Contains("a network of its own", found.PassedOver, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:2379", 7, First)]
    [InlineData("https://127.0.0.1:4002", 9, Second)]
    public async Task The_client_URL_selects_the_process_and_its_container(string url, int process, string container)
    {
        string seen = In(Node, First) + In(Other, Second);
        foreach (string? name in new[] { null, "etcd-manager" })
        {
            NodeEtcd found = await FindAsync(
                seen,
                Crictl((First, "etcd-manager"), (Second, "etcd-manager")),
                url,
                name
            );
            Assert.Equal((process, container), (found.Certain!.Id, found.Container!.Id));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("etcd")]
    public async Task Several_processes_in_the_network_of_the_node_are_reported_with_their_differences(
        string? container
    )
    {
        EtcdException several = await Assert.ThrowsAsync<EtcdException>(() =>
            FindAsync(
                In(Node, First) + In(Other, Second),
                Crictl((First, "etcd"), (Second, "etcd")),
                container: container
            )
        );
        Assert.Equal("SeveralEtcdOnNode", several.ErrorId);
        Assert.Contains(
            "PID 7 ('node' at https://127.0.0.1:2379, data folder /var/lib/etcd); PID 9 ('events' at "
                + "https://127.0.0.1:4002, data folder /var/lib/events)",
            several.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("-ClientUrl", several.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("-Container", several.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("etcd")]
    public async Task None_of_two_indistinguishable_containers_is_selected(string? container)
    {
        DialException several = await Assert.ThrowsAsync<DialException>(() =>
            FindAsync("", Crictl((First, "etcd"), (Second, "etcd")), container: container)
        );
        Assert.Equal(
            (CallFailure.SeveralContainers, "crictl has etcd (111111111111), etcd (222222222222)"),
            (several.Failure, several.Message)
        );
        MemberCallException error = MemberCallException.Create(
            several.Failure,
            new MemberAddress("ssh://node"),
            several.Message
        );
        Assert.Equal("SeveralEtcdContainers", error.ErrorId);
        Assert.Contains("by its ID with -Container", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(
            Second,
            (await FindAsync("", Crictl((First, "etcd"), (Second, "etcd")), container: Second[..12])).Container!.Id
        );
    }

    [Fact]
    public async Task A_container_with_a_more_usual_name_is_not_preferred() =>
        Assert.Equal(
            First,
            (
                await FindAsync(
                    In(Node, First) + In(Application, Second),
                    Crictl((First, "etcd"), (Second, "etcd-container"))
                )
            )
                .Container!
                .Id
        );

    [Fact]
    public async Task A_named_container_that_does_not_exist_is_an_error_instead_of_using_the_node()
    {
        DialException missing = await Assert.ThrowsAsync<DialException>(() =>
            FindAsync(Node, Crictl((First, "kube-apiserver")), container: "etcd")
        );
        Assert.Equal(CallFailure.ContainerMissing, missing.Failure);
        Assert.StartsWith("crictl has no running container named etcd, ", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("there is no crictl", missing.Message, StringComparison.Ordinal);
        MemberCallException error = MemberCallException.Create(
            missing.Failure,
            new MemberAddress("ssh://node"),
            missing.Message
        );
        Assert.DoesNotContain("Say its name", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_uses_the_settings_of_the_named_container()
    {
        NodeEtcd found = await FindAsync(
            In(Node, First) + In(Other, Second),
            Crictl((First, "etcd"), (Second, "events")),
            container: "events",
            isStream: true
        );
        Assert.Equal((9, "/var/lib/events"), (found.Certain!.Id, found.Certain.DataFolder));
    }

    [Fact]
    public async Task An_etcd_in_its_own_network_is_selected_only_if_it_is_named()
    {
        Func<string, CommandOutput?> runtimes = Crictl((Second, "etcd"));
        Assert.Null((await FindAsync(In(Application, Second), _ => null, isStream: true)).Process);
        NodeEtcd unnamed = await FindAsync(In(Application, Second), runtimes);
        Assert.Null(unnamed.Process);
        Assert.Null(unnamed.Container);

        NodeEtcd named = await FindAsync(In(Application, Second), runtimes, container: "etcd");
        Assert.Equal((8, Second), (named.Process!.Id, named.Container!.Id));
        EtcdException refused = await Assert.ThrowsAsync<EtcdException>(() =>
            FindAsync(In(Application, Second), runtimes, container: "etcd", isStream: true)
        );
        Assert.Equal("EtcdInOwnNetwork", refused.ErrorId);
    }

    [Theory]
    [InlineData("https://10.0.0.5:2379", false)]
    [InlineData("https://10.0.0.1:2379", true)]
    [InlineData("https://[fd00::1]:2379", true)]
    [InlineData("https://localhost:2379", true)]
    [InlineData("https://etcd.example:2379", true)]
    [InlineData("https://other.example:2379", false)]
    public async Task A_client_URL_of_another_machine_does_not_match_the_etcd_of_the_node(string url, bool isHere)
    {
        string addresses =
            "own 10.0.0.1\nown fd00:0000:0000:0000:0000:0000:0000:0001\n"
            + (url.Contains("etcd.example", StringComparison.Ordinal) ? "named 10.0.0.1\n" : "named 10.0.0.5\n");
        string any = Node.Replace(
            "listens 00000000:094B",
            "listens 00000000000000000000000000000000:094B",
            StringComparison.Ordinal
        );
        NodeEtcd found = await FindAsync(addresses + any, _ => null, url, isStream: true);
        Assert.Equal(isHere ? 7 : null, found.Process?.Id);
    }

    [Theory]
    [InlineData("listens 0100007F:094B", "https://127.0.0.1:2379", true)]
    [InlineData("listens 0100007F:094B", "https://10.0.0.1:2379", false)]
    [InlineData("listens 0100000A:094B", "https://10.0.0.1:2379", true)]
    [InlineData("listens 00000000000000000000000001000000:094B", "https://[::1]:2379", true)]
    [InlineData("listens 0000000000000000FFFF00000100000A:094B", "https://10.0.0.1:2379", true)]
    [InlineData("listens 00000000:094B", "https://10.0.0.1:2380", false)]
    public async Task The_listen_address_must_match_too(string listens, string url, bool isServed)
    {
        string seen = $"own 10.0.0.1\n{Node.Replace("listens 00000000:094B", listens, StringComparison.Ordinal)}";
        Assert.Equal(isServed ? 7 : null, (await FindAsync(seen, _ => null, url, isStream: true)).Process?.Id);
    }

    [Fact]
    public async Task A_process_that_has_ended_is_ignored() =>
        Assert.Equal(7, (await FindAsync($"pid 6\n{Node}", _ => null, isStream: true)).Process!.Id);

    private static string In(string process, string container) =>
        $"{process}group 0::/kubepods.slice/cri-containerd-{container}.scope\n";

    /// <summary>crictl of a node; it shows the process of a container only if given.</summary>
    private static Func<string, CommandOutput?> Crictl(params (string Id, string Name)[] containers)
    {
        string list = string.Join(
            ',',
            containers.Select(c => $$$"""{"id":"{{{c.Id}}}","metadata":{"name":"{{{c.Name}}}"}}""")
        );
        return command =>
            command.StartsWith("crictl ps ", StringComparison.Ordinal)
                ? new CommandOutput(0, $"{{\"containers\":[{list}]}}", "")
                : null;
    }

    private static async Task<NodeEtcd> FindAsync(
        string processes,
        Func<string, CommandOutput?> runtimes,
        string? url = null,
        string? container = null,
        bool isStream = false,
        Dictionary<string, int>? first = null
    )
    {
        var node = new ScriptedNode(command =>
            command.StartsWith("sh ", StringComparison.Ordinal) ? new CommandOutput(0, processes, "")
            : command.StartsWith("crictl inspect ", StringComparison.Ordinal)
                ? first is null ? new CommandOutput(1, "", "not found")
                    : new CommandOutput(0, $$$"""{"info":{"pid":{{{first[command.Split(' ')[^1]]}}}}}""", "")
            : runtimes(command)
        );
        var request = new SshConnectRequest { SshHost = ["node"], Container = container };
        return await new NodeSearch(
            node,
            request,
            url is null ? null : EtcdEndpoint.Parse(url, true),
            "ssh://node"
        ).FindAsync(!isStream, Limit);
    }
}
