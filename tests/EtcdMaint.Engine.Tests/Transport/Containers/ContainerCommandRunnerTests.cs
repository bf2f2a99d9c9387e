using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Tests.Transport.Containers;

/// <summary>The messages of container runtimes for an exec that they refuse.</summary>
public sealed class ContainerCommandRunnerTests
{
    [Theory]
    [InlineData(
        "crictl",
        "level=fatal msg=\"execing command in container: rpc error: code = Unknown desc = container is in "
            + "CONTAINER_EXITED state\""
    )]
    [InlineData(
        "crictl",
        "FATA[0000] execing command in container: rpc error: code = Unknown desc = container is not created or running"
    )]
    [InlineData(
        "crictl",
        "FATA[0000] execing command in container: rpc error: code = Unknown desc = container not running (0123456789ab)"
    )]
    [InlineData("nerdctl", "FATA[0000] no running task found: task 0123456789ab not found: not found")]
    [InlineData("nerdctl", "FATA[0000] cannot exec in a stopped state: unknown")]
    [InlineData("docker", "Error response from daemon: Container 0123456789ab is not running")]
    [InlineData("docker", "OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown")]
    [InlineData("podman", "Error: can only create exec sessions on running containers: container state improper")]
    [InlineData("podman", "Error: cannot exec into container that is not running: container state improper")]
    public async Task An_exec_in_a_stopped_container_is_a_missing_container(string program, string words)
    {
        await using var runner = new ContainerCommandRunner(
            new Refusing(words),
            ContainerTool.All.First(t => t.Program == program),
            "0123456789ab"
        );
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            runner.RunAsync(
                "etcdctl",
                ["version"],
                ReadOnlyMemory<byte>.Empty,
                new CallBudget(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)
            )
        );
        Assert.Equal(CallFailure.ContainerMissing, refused.Failure);
        Assert.Equal(words, refused.Message);
    }

    private sealed class Refusing(string words) : ICommandRunner
    {
        public Task<CommandOutput> RunAsync(
            string program,
            IReadOnlyList<string> arguments,
            ReadOnlyMemory<byte> input,
            CallBudget limit
        ) => Task.FromResult(new CommandOutput(1, "", words + "\n"));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
