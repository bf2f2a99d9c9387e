using System.Text.Json.Nodes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>A problem that affects every pod for one reason is reported once, with all the pods.</summary>
[Trait("Kind", "Real")]
public sealed class CommonCauseTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pods/exec", EtcdPodAccess.Exec)]
    [InlineData("pods/portforward", EtcdPodAccess.PortForward)]
    public async Task A_missing_permission_is_reported_once_while_connecting(string resource, EtcdPodAccess access)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        Deny(plane, resource);
        EtcdException error = await plane.RefusedAsync(access);
        CheckOnce(plane, error, "KubernetesForbidden", $"get {resource} in namespace kube-system");
        Assert.Contains(
            $"User admin may not get {resource} in namespace kube-system of test; "
                + "the role must allow both get and create (3 pods: ",
            error.Message
        );
    }

    [Theory]
    [InlineData("pods/exec", EtcdPodAccess.Exec)]
    [InlineData("pods/portforward", EtcdPodAccess.PortForward)]
    public async Task Each_cmdlet_reports_a_revoked_permission_once(string resource, EtcdPodAccess access)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        await using PodConnection connection = await plane.ConnectAsync(access);
        IReadOnlyList<EtcdMember> members = await connection.MembersAsync();
        Deny(plane, resource);
        if (access is EtcdPodAccess.PortForward)
            await plane.Api.RestartAsync();
        string what = $"get {resource} in namespace kube-system";

        var status = new RunRecorder();
        await connection.Cluster.GetStatusAsync(members, ControlPlane.Timeout, status, Cancellation);
        Assert.Equal(3, status.Rows<EtcdMemberStatus>().Count);
        CheckOnce(plane, Assert.Single(status.Errors), "KubernetesForbidden", what);
        CheckOnce(
            plane,
            await Assert.ThrowsAnyAsync<EtcdException>(() => connection.StatusAsync()),
            "KubernetesForbidden",
            what
        );
        CheckOnce(
            plane,
            await Assert.ThrowsAnyAsync<EtcdException>(() => connection.ClearAlarmsAsync()),
            "KubernetesForbidden",
            what
        );

        foreach (
            EtcdException error in await ErrorsOfAsync(recorder =>
                connection.Cluster.DefragmentAsync(
                    new DefragRequest
                    {
                        Targets = [.. members.Select(m => new MemberTarget(m))],
                        CallTimeout = ControlPlane.Timeout,
                    },
                    recorder,
                    Cancellation
                )
            )
        )
            CheckOnce(plane, error, "KubernetesForbidden", what);
        foreach (
            EtcdException error in await ErrorsOfAsync(recorder =>
                connection.Cluster.CompactAsync(
                    new CompactionRequest
                    {
                        Targets = [.. members.Select(m => new MemberTarget(m))],
                        CallTimeout = ControlPlane.Timeout,
                    },
                    recorder,
                    Cancellation
                )
            )
        )
            CheckOnce(plane, error, "KubernetesForbidden", what);
    }

    [Fact]
    public async Task A_rejected_login_is_reported_once()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        plane.Api.Faults.Refuse(ApiKind.Exec, 401);
        CheckOnce(
            plane,
            await plane.RefusedAsync(EtcdPodAccess.Exec),
            "KubernetesLoginRejected",
            "did not accept the login (401)"
        );
    }

    [Fact]
    public async Task Certificates_that_cannot_be_read_from_any_pod_are_reported_as_a_missing_permission()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        Deny(plane, "pods/exec");
        EtcdException error = await plane.RefusedAsync(
            EtcdPodAccess.PortForward,
            r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true }
        );
        CheckOnce(plane, error, "KubernetesForbidden", "get pods/exec in namespace kube-system");
    }

    [Fact]
    public async Task Pods_that_wait_for_the_same_reason_give_one_warning()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        foreach (FakePod pod in plane.Api.Pods.Skip(1))
        {
            pod.Manifest["status"]!["phase"] = "Pending";
            pod.Manifest["status"]!["containerStatuses"]![0]!["state"] = JsonNode.Parse(
                """{"waiting": {"reason": "ImagePullBackOff"}}"""
            );
        }
        await using PodConnection connection = await plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => r with { NoVerify = false }
        );
        string warning = Assert.Single(connection.Opening.Warnings, w => w.Contains("ImagePullBackOff"));
        Assert.Contains("kube-system/etcd-node2, kube-system/etcd-node3", warning);
    }

    private static void Deny(ControlPlane plane, string resource) =>
        plane.Api.Users[0] = plane.Api.Users[0] with { May = a => a.Resource != resource };

    private static async Task<IReadOnlyList<EtcdException>> ErrorsOfAsync(Func<RunRecorder, Task> work)
    {
        var recorder = new RunRecorder();
        try
        {
            await work(recorder);
        }
        catch (EtcdException error)
        {
            return [.. recorder.Errors, error];
        }
        return recorder.Errors;
    }

    private void CheckOnce(ControlPlane plane, EtcdException error, string errorId, string what)
    {
        output.WriteLine(error.Message);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(2, error.Message.Split(what).Length);
        Assert.All(plane.Api.Pods, pod => Assert.Equal(2, error.Message.Split(pod.Name).Length));
    }
}
