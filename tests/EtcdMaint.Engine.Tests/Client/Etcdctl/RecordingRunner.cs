using System.Collections.Concurrent;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>Passes commands on and records what any user of the machine could have seen of them.</summary>
internal sealed class RecordingRunner(ICommandRunner inner) : ICommandRunner
{
    private readonly ConcurrentQueue<string[]> _commands = new();

    public IReadOnlyList<string[]> Commands => [.. _commands];

    public int Defragmentations => Commands.Count(c => c.Contains("defrag"));

    public Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        _commands.Enqueue([program, .. arguments]);
        return inner.RunAsync(program, arguments, input, limit);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
