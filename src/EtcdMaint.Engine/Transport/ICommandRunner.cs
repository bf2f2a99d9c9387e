using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Runs a program where a member runs: on this machine, on a node, or in a container. The arguments are a list, and a
/// shell on the path must not interpret them.
/// </summary>
internal interface ICommandRunner : IAsyncDisposable
{
    /// <summary>
    /// Runs the program until it ends. The exit code of a program that ran and failed is a result. A
    /// <see cref="DialException"/> means that the program could not be run or that the connection to it broke. The
    /// program may continue after the time limit.
    /// </summary>
    /// <param name="program">The name or path of the program.</param>
    /// <param name="arguments">The arguments, each passed unchanged.</param>
    /// <param name="input">The standard input, which is closed at the end.</param>
    /// <param name="limit">The time limit.</param>
    Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    );

    /// <summary>
    /// Returns a runner that sets these environment variables, or null if only a program at the member could set them.
    /// Disposing the new runner is not required; this runner stays the owner.
    /// </summary>
    ICommandRunner? With(IReadOnlyDictionary<string, string> variables) => null;
}

/// <summary>The exit code and the output of a program.</summary>
internal sealed record CommandOutput(int ExitCode, string Output, string Errors)
{
    /// <summary>
    /// The exit codes of shells and container runtimes for a program that does not exist or cannot be run.
    /// </summary>
    public bool IsNotRun => ExitCode is 126 or 127;
}
