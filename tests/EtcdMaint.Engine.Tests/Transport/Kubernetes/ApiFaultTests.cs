using System.Diagnostics;
using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>Faults of an API server, and how they are reported.</summary>
[Trait("Kind", "Real")]
public sealed class ApiFaultTests(SharedEtcd shared, ITestOutputHelper output)
    : IClassFixture<SharedEtcd>,
        IAsyncLifetime
{
    private ControlPlane _plane = null!;

    public async ValueTask InitializeAsync() =>
        _plane = await ControlPlane.StartAsync(shared, new ClusterOptions { Members = 1, Tls = TlsMode.Mutual });

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Theory]
    [InlineData(ApiKind.List, EtcdPodAccess.Exec)]
    [InlineData(ApiKind.Exec, EtcdPodAccess.Exec)]
    [InlineData(ApiKind.PortForward, EtcdPodAccess.PortForward)]
    public async Task A_rejected_login_is_an_authentication_error(ApiKind kind, EtcdPodAccess access)
    {
        _plane.Api.Faults.Refuse(kind, 401);
        EtcdException error = await RefusedAsync(access);
        Assert.Equal("KubernetesLoginRejected", error.ErrorId);
        Assert.Equal(EtcdErrorCategory.AuthenticationError, error.Category);
    }

    [Theory]
    [InlineData("list", "pods", EtcdPodAccess.Exec)]
    [InlineData("get", "pods/exec", EtcdPodAccess.Exec)]
    [InlineData("get", "pods/portforward", EtcdPodAccess.PortForward)]
    public async Task A_missing_permission_is_named_with_verb_resource_and_namespace(
        string verb,
        string resource,
        EtcdPodAccess access
    )
    {
        GrantOnly(a => a.Resource != resource);
        EtcdException error = await RefusedAsync(access);
        Assert.Equal("KubernetesForbidden", error.ErrorId);
        Assert.Equal(EtcdErrorCategory.PermissionDenied, error.Category);
        Assert.Contains($"{verb} {resource} in namespace kube-system", error.Message);
        Assert.Contains("system:serviceaccount:ops:maint", error.Message);
    }

    [Theory]
    [InlineData("get", "pods/exec", EtcdPodAccess.Exec, "The user may not create pods/exec")]
    [InlineData("get", "pods/portforward", EtcdPodAccess.PortForward, "The user may not create pods/portforward")]
    [InlineData(
        "create",
        "pods/exec",
        EtcdPodAccess.Exec,
        "User system:serviceaccount:ops:maint may not get pods/exec"
    )]
    [InlineData(
        "create",
        "pods/portforward",
        EtcdPodAccess.PortForward,
        "User system:serviceaccount:ops:maint may not get pods/portforward"
    )]
    public async Task A_role_with_only_one_of_the_two_verbs_is_refused_and_both_are_named(
        string only,
        string resource,
        EtcdPodAccess access,
        string refusal
    )
    {
        GrantOnly(a => a.Resource != resource || a.Verb == only);
        EtcdException error = await RefusedAsync(access);
        Assert.Equal("KubernetesForbidden", error.ErrorId);
        Assert.Equal(EtcdErrorCategory.PermissionDenied, error.Category);
        Assert.EndsWith(
            $"{refusal} in namespace kube-system of test; the role must allow both get and create.",
            error.Message
        );

        GrantOnly(a => a.Resource != resource || a.Verb is "get" or "create");
        await using PodConnection connection = await _plane.ConnectAsync(access);
        Assert.Single(await connection.MembersAsync());
    }

    [Theory]
    [InlineData("pods/exec", EtcdPodAccess.Exec)]
    [InlineData("pods/portforward", EtcdPodAccess.PortForward)]
    public async Task Before_Kubernetes_1_35_get_is_sufficient(string resource, EtcdPodAccess access)
    {
        _plane.Api.ChecksCreate = false;
        GrantOnly(a => a.Resource != resource || a.Verb == "get");
        await using PodConnection connection = await _plane.ConnectAsync(access);
        Assert.Single(await connection.MembersAsync());
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    public async Task A_deleted_pod_is_reported_as_not_running(int code)
    {
        await using PodConnection connection = await _plane.ConnectAsync(EtcdPodAccess.Exec);
        _plane.Api.Faults.Refuse(ApiKind.Exec, code, message: "pods \"etcd-node1\" not found");
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => connection.MembersAsync());
        output.WriteLine(error.Message);
        Assert.Equal("PodNotRunning", error.ErrorId);
    }

    [Theory]
    [InlineData(ApiKind.List, EtcdPodAccess.Exec, 429)]
    [InlineData(ApiKind.List, EtcdPodAccess.Exec, 500)]
    [InlineData(ApiKind.Exec, EtcdPodAccess.Exec, 429)]
    [InlineData(ApiKind.Exec, EtcdPodAccess.Exec, 503)]
    [InlineData(ApiKind.PortForward, EtcdPodAccess.PortForward, 429)]
    [InlineData(ApiKind.PortForward, EtcdPodAccess.PortForward, 500)]
    public async Task A_request_that_the_server_rejects_temporarily_is_retried(
        ApiKind kind,
        EtcdPodAccess access,
        int code
    )
    {
        _plane.Api.Faults.Refuse(kind, code, times: 2, retryAfter: code == 429 ? TimeSpan.FromSeconds(1) : null);
        var watch = Stopwatch.StartNew();
        await using PodConnection connection = await _plane.ConnectAsync(access);
        Assert.Single(await connection.MembersAsync());
        if (code == 429)
            Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(2), $"Retry-After was not respected: {watch.Elapsed}");
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_reported_within_the_time_limit()
    {
        _plane.Api.Faults.Refuse(ApiKind.List, 500, message: "etcdserver: request timed out");
        EtcdException error = await _plane.RefusedAsync(
            EtcdPodAccess.Exec,
            r => r with { CallTimeout = TimeSpan.FromSeconds(2) }
        );
        Assert.Equal("KubernetesServerError", error.ErrorId);
        Assert.Contains("etcdserver: request timed out", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_list_of_all_pods_is_read_in_pages_and_restarted_when_a_page_token_expires(int expired)
    {
        _plane.Api.Pods.Clear();
        _plane.Api.Pods.AddRange(EtcdPods.StatefulSet(_plane.Etcd));
        for (int i = 0; i < 7; i++)
            _plane.Api.Pods.Insert(
                0,
                new FakePod(
                    (System.Text.Json.Nodes.JsonObject)
                        System.Text.Json.Nodes.JsonNode.Parse(
                            $$$"""{"metadata":{"name":"proxy-{{{i}}}","namespace":"web","uid":"{{{i}}}"},"spec":{"containers":[{"name":"proxy"}]},"status":{"phase":"Running"}}"""
                        )!
                )
            );
        _plane.Api.PageSize = 3;
        _plane.Api.Faults.ExpirePages(expired);
        await using PodConnection connection = await _plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => r with { PodName = ["kv-etcd-*"] }
        );
        Assert.Single(await connection.MembersAsync());

        string[] lists = [.. _plane.Api.Requests.Where(r => r.StartsWith("/api/v1/pods", StringComparison.Ordinal))];
        Assert.Equal(
            expired == 0
                ? ["?limit=500", "?limit=500&continue=3", "?limit=500&continue=6"]
                : ["?limit=500", "?limit=500&continue=3", "?resourceVersion=0"],
            lists.Select(l => l["/api/v1/pods".Length..])
        );
    }

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task A_broken_stream_is_a_lost_connection(EtcdPodAccess access)
    {
        await using PodConnection connection = await _plane.ConnectAsync(access, r => r with { NoVerify = true });
        _plane.Api.Faults.CutAfterBytes = 20;
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => connection.MembersAsync());
        output.WriteLine(error.Message);
        Assert.Equal("ConnectionLost", error.ErrorId);
    }

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task Invalid_data_on_a_stream_is_a_lost_connection(EtcdPodAccess access)
    {
        await using PodConnection connection = await _plane.ConnectAsync(access, r => r with { NoVerify = true });
        _plane.Api.Faults.SendsNonsense = true;
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => connection.MembersAsync());
        output.WriteLine(error.Message);
        Assert.Equal("ConnectionLost", error.ErrorId);
    }

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task A_stream_that_never_answers_ends_at_the_time_limit(EtcdPodAccess access)
    {
        _plane.Api.Faults.AreStreamsSilent = true;
        var watch = Stopwatch.StartNew();
        EtcdException error = await _plane.RefusedAsync(access, r => r with { CallTimeout = TimeSpan.FromSeconds(3) });
        output.WriteLine($"{watch.Elapsed}: {error.Message}");
        Assert.Equal("EndpointTimeout", error.ErrorId);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(12), watch.Elapsed.ToString());
    }

    [Fact]
    public async Task An_exec_that_ends_without_its_status_is_a_lost_connection_and_not_a_success()
    {
        await using PodConnection connection = await _plane.ConnectAsync(EtcdPodAccess.Exec);
        _plane.Api.Faults.LosesStatus = true;
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => connection.MembersAsync());
        Assert.Equal("ConnectionLost", error.ErrorId);
    }

    [Fact]
    public async Task Slow_output_in_single_bytes_is_assembled()
    {
        await using PodConnection connection = await _plane.ConnectAsync(EtcdPodAccess.Exec);
        _plane.Api.Faults.OutputPiece = 7;
        _plane.Api.Faults.OutputPause = TimeSpan.FromMilliseconds(5);
        Assert.Single(await connection.MembersAsync());
    }

    [Fact]
    public async Task A_port_without_a_listener_is_reported_as_refused_with_the_pod()
    {
        _plane.Api.Pods[0].Ports.Clear();
        EtcdException error = await RefusedAsync(EtcdPodAccess.PortForward);
        Assert.Equal("EndpointRefused", error.ErrorId);
        Assert.Contains("etcd-node1", error.Message);
    }

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task The_connection_continues_to_work_after_a_restart_of_the_API_server(EtcdPodAccess access)
    {
        await using PodConnection connection = await _plane.ConnectAsync(access);
        Assert.Single(await connection.MembersAsync());
        await _plane.Api.RestartAsync();
        Assert.Single(await connection.MembersAsync());
        Assert.Empty((await connection.StatusAsync()).Errors);
    }

    private void GrantOnly(Func<ApiAction, bool> may)
    {
        _plane.Api.Users.Clear();
        _plane.Api.Users.Add(new ApiUser("system:serviceaccount:ops:maint") { Token = ControlPlane.Token, May = may });
    }

    private async Task<EtcdException> RefusedAsync(EtcdPodAccess access)
    {
        EtcdException error = await _plane.RefusedAsync(access);
        output.WriteLine($"{error.ErrorId}: {error.Message}");
        return error;
    }
}
