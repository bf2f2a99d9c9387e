using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>Answers each command with a given function; null means that the program does not exist.</summary>
internal sealed class ScriptedNode(Func<string, CommandOutput?> answer) : ICommandRunner
{
    public string Last { get; private set; } = "";

    public Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        Last = $"{program} {string.Join(' ', arguments)}";
        return answer(Last) is { } output
            ? Task.FromResult(output)
            : throw new DialException(CallFailure.ProgramMissing, $"{program} is not there");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
