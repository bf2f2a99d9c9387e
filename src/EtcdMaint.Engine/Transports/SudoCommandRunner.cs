using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Transports;

/// <summary>Runs programs as root where the user may do so without being asked for a password.</summary>
internal sealed class SudoCommandRunner(ICommandRunner inner) : ICommandRunner
{
    public Task<CommandOutput> RunAsync(string program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input, CallLimit limit) =>
        inner.RunAsync("sudo", ["-n", "--", program, .. arguments], input, limit);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
