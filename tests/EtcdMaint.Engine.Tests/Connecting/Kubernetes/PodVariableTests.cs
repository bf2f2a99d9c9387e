using System.Text.Json.Nodes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>Pods whose containers set variables of etcdctl, in images with and without a shell.</summary>
[Trait("Kind", "Real")]
public sealed class PodVariableTests(SharedEtcd shared, ITestOutputHelper output) : IClassFixture<SharedEtcd>
{
    private const string Pki = "/etc/kubernetes/pki/etcd";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Certificates_from_variables_are_used_in_an_image_without_a_shell(bool withEndpoint)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        foreach (FakePod pod in plane.Api.Pods)
        {
            SetVariables(
                pod,
                ("ETCDCTL_API", "3"),
                ("ETCDCTL_CACERT", $"{Pki}/ca.crt"),
                ("ETCDCTL_CERT", $"{Pki}/server.crt"),
                ("ETCDCTL_KEY", $"{Pki}/server.key")
            );
            if (withEndpoint)
                SetVariables(pod, ("ETCDCTL_ENDPOINTS", $"https://127.0.0.1:{pod.Ports.Keys.Order().Last()}"));
        }
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        RunRecorder status = await connection.StatusAsync();
        Assert.Empty(status.Errors);
        Assert.Equal(3, status.Rows<EtcdMemberStatus>().Count(r => r.IsReachable));
        RunRecorder defrag = await connection.DefragmentAsync();
        Assert.All(defrag.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
        Assert.Equal(3, EtcdLogs.Defragmentations(plane.Etcd).Select(d => d.Member).Distinct().Count());
    }

    [Fact]
    public async Task The_endpoint_of_another_member_is_never_used()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        FakePod led = plane.Api.Pods[0];
        SetVariables(led, ("ETCDCTL_ENDPOINTS", plane.Etcd.Members[1].ClientUrl));
        await using (PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec))
        {
            RunRecorder status = await connection.StatusAsync();
            EtcdMemberStatus lost = Assert.Single(status.Rows<EtcdMemberStatus>(), r => !r.IsReachable);
            Assert.Equal(plane.Etcd.Members[0].Name, lost.MemberName);
            string said = Assert.Single(status.Errors).Message;
            output.WriteLine(said);
            Assert.Contains("ETCDCTL_ENDPOINTS", said, StringComparison.Ordinal);
        }
        Assert.Empty(EtcdLogs.Defragmentations(plane.Etcd));

        led.Programs["sh"] = "/bin/sh";
        await using PodConnection withShell = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await withShell.DefragmentAsync();
        Assert.Equal(3, EtcdLogs.Defragmentations(plane.Etcd).Select(d => d.Member).Distinct().Count());
    }

    [Theory]
    [InlineData("ETCDCTL_API", "2")]
    [InlineData("ETCDCTL_ENDPOINTS", "http://127.0.0.1:1")]
    [InlineData("ETCDCTL_CERT", "/nowhere/client.crt")]
    [InlineData("ETCDCTL_USER", "root:secret")]
    [InlineData("ETCDCTL_HEX", "true")]
    [InlineData("ETCDCTL_WRITE_OUT", "table")]
    [InlineData("ETCDCTL_DISCOVERY_SRV", "no-such-domain.invalid")]
    [InlineData("ETCDCTL_CLUSTER", "true")]
    public async Task The_effect_of_a_variable_is_undone_by_a_shell_or_env_or_the_variable_is_named(
        string name,
        string value
    )
    {
        await using ControlPlane plane = await StartWithOneMemberAsync();
        FakePod pod = plane.Api.Pods[0];

        // Not in the spec, as when an image or a config map sets it.
        pod.Environment[name] = value;
        if (name is not "ETCDCTL_CLUSTER")
        {
            EtcdException error = await plane.RefusedAsync(EtcdPodAccess.Exec);
            output.WriteLine(error.Message);
            Assert.Equal("EtcdctlVariableConflict", error.ErrorId);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        }
        foreach (string program in new[] { "env", "sh" })
        {
            pod.Programs.Remove("env");
            pod.Programs[program] = program == "sh" ? "/bin/sh" : "/usr/bin/env";
            await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
            RunRecorder status = await connection.StatusAsync();
            Assert.Empty(status.Errors);
            Assert.True(Assert.Single(status.Rows<EtcdMemberStatus>()).IsReachable);
        }
    }

    [Fact]
    public async Task A_variable_from_a_secret_that_the_spec_does_not_show_is_read_from_etcdctl()
    {
        await using ControlPlane plane = await StartWithOneMemberAsync();
        FakePod pod = plane.Api.Pods[0];
        pod.Environment["ETCDCTL_DIAL_TIMEOUT"] = "3s";
        pod.Manifest["spec"]!["containers"]![0]!["env"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "ETCDCTL_DIAL_TIMEOUT",
                ["valueFrom"] = JsonNode.Parse("""{ "secretKeyRef": { "name": "etcd", "key": "dial" } }"""),
            }
        );
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        Assert.True(Assert.Single((await connection.StatusAsync()).Rows<EtcdMemberStatus>()).IsReachable);

        pod.Environment["ETCDCTL_DIAL_TIMEOUT"] = "1ms";
        Assert.Equal("EtcdctlVariableConflict", (await plane.RefusedAsync(EtcdPodAccess.Exec)).ErrorId);
    }

    private Task<ControlPlane> StartWithOneMemberAsync() =>
        ControlPlane.StartAsync(shared, new ClusterOptions { Tls = TlsMode.Mutual });

    /// <summary>Set in the spec and in the container.</summary>
    private static void SetVariables(FakePod pod, params (string Name, string Value)[] variables)
    {
        JsonObject container = pod.Manifest["spec"]!["containers"]![0]!.AsObject();
        var all = (JsonArray)(container["env"] ??= new JsonArray());
        foreach ((string name, string value) in variables)
        {
            pod.Environment[name] = value;
            all.Add(new JsonObject { ["name"] = name, ["value"] = value });
        }
    }
}
