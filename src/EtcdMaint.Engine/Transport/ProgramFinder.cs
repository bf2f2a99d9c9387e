using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Runs a program that lies at one of several places: tries them in turn, and keeps to the one where it is. That it is
/// not at a place is known before anything was run.
/// </summary>
internal sealed class ProgramFinder(ICommandRunner runner, string name, IReadOnlyList<string> places) : ICommandRunner
{
    private volatile string? _found;

    public async Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        if (_found is { } known)
            return await RunAtAsync(known).ConfigureAwait(false);
        for (int tried = 0; ; tried++)
        {
            bool isLast = tried == places.Count - 1;
            try
            {
                CommandOutput output = await RunAtAsync(places[tried]).ConfigureAwait(false);
                if (!output.IsNotRun)
                    _found = places[tried];
                else if (!isLast)
                    continue;
                return output;
            }
            catch (DialException missing)
                when (missing.Failure is CallFailure.ProgramMissing && !isLast && program == name)
            {
                // Not here; the next place.
            }
        }

        Task<CommandOutput> RunAtAsync(string place) =>
            program == name
                ? runner.RunAsync(place, arguments, input, limit)
                : runner.RunAsync(program, Behind(arguments, place), input, limit);
    }

    public ICommandRunner? With(IReadOnlyDictionary<string, string> variables) =>
        runner.With(variables) is { } inner
            ? new ProgramFinder(inner, name, _found is { } known ? [known] : places)
            : null;

    /// <summary>What another program starts lies at that place too.</summary>
    private IReadOnlyList<string> Behind(IReadOnlyList<string> arguments, string place)
    {
        int at = FindStarted(arguments);
        return at < arguments.Count && arguments[at] == name
            ? [.. arguments.Take(at), place, .. arguments.Skip(at + 1)]
            : arguments;
    }

    /// <summary>
    /// A shell has its script as the second argument, and as the third what runs it as $0: the program. env has it
    /// after the names that it is to unset.
    /// </summary>
    private static int FindStarted(IReadOnlyList<string> arguments)
    {
        if (arguments is ["-c", ..])
            return 2;
        int at = 0;
        while (at < arguments.Count && arguments[at] == "-u")
            at += 2;
        return at > 0 ? at : arguments.Count;
    }

    public ValueTask DisposeAsync() => runner.DisposeAsync();
}
