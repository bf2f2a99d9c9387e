using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>A container with its own variables that contains etcdctl and no programs except the given ones.</summary>
internal sealed class BareImage(IReadOnlyDictionary<string, string> variables, params string[] programs)
    : ICommandRunner
{
    private readonly LocalCommandRunner _machine = new(variables);

    public Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    ) =>
        Path.GetFileName(program) == "etcdctl" || programs.Contains(program)
            ? _machine.RunAsync(program, arguments, input, limit)
            : throw new DialException(CallFailure.ProgramMissing, $"{program} is not there");

    public ValueTask DisposeAsync() => _machine.DisposeAsync();
}
