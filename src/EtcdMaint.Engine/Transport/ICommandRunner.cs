using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Runs one program where a member lives: on this machine, on a node, in a container. Arguments are a list; whatever
/// shell lies between must not see them.
/// </summary>
internal interface ICommandRunner : IAsyncDisposable
{
    /// <summary>
    /// Runs the program to its end. A program that ran and failed is an answer; that it could not be run, or that the
    /// way to it broke, is a <see cref="DialException"/>. When the limit passes the program may go on.
    /// </summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments, each passed on as it is.</param>
    /// <param name="input">What it reads; closed at the end.</param>
    /// <param name="limit">How long it may take.</param>
    Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    );

    /// <summary>
    /// One that gives programs these variables, and leaves its disposal to this one; null where only a program there
    /// could do that.
    /// </summary>
    ICommandRunner? With(IReadOnlyDictionary<string, string> variables) => null;
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record CommandOutput(int ExitCode, string Output, string Errors)
{
    /// <summary>What shells and container runtimes end with when a program is not there or cannot be run.</summary>
    public bool IsNotRun => ExitCode is 126 or 127;
}
