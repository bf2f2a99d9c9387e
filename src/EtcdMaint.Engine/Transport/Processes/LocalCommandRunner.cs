using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Runs programs on this machine without the ETCDCTL_ variables of the user. etcdctl refuses a setting that is
/// specified both by a variable and by a flag, and only the settings of the connection may take effect.
/// </summary>
internal sealed class LocalCommandRunner(IReadOnlyDictionary<string, string>? environment = null) : ICommandRunner
{
    public Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    ) =>
        ChildProcess.RunAsync(
            program,
            arguments,
            start =>
            {
                foreach (
                    string name in start
                        .Environment.Keys.Where(n => n.StartsWith("ETCDCTL_", StringComparison.Ordinal))
                        .ToArray()
                )
                    start.Environment.Remove(name);
                foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
                    start.Environment[name] = value;
            },
            input,
            limit
        );

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
