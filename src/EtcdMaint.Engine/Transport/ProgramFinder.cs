using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Runs a program that is installed at one of several paths. It tries them in turn and then keeps using the path where
/// the program was found. A path without the program fails before anything runs.
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
                // The program is not here. Try the next path.
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

    /// <summary>Inserts the path also if another program starts this one.</summary>
    private IReadOnlyList<string> Behind(IReadOnlyList<string> arguments, string place)
    {
        int at = FindStarted(arguments);
        return at < arguments.Count && arguments[at] == name
            ? [.. arguments.Take(at), place, .. arguments.Skip(at + 1)]
            : arguments;
    }

    /// <summary>
    /// Returns the position of the program in the arguments of a shell or of env. In a shell, it is the third argument,
    /// $0, after the script. In env, it follows the names to unset.
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
