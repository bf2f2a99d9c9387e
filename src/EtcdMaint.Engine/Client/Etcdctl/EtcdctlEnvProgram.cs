using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Starts etcdctl without its variables through the program <c>env</c>, in images that have <c>env</c> but no shell.
/// </summary>
internal static class EtcdctlEnvProgram
{
    public const string Program = "env";

    private const string Unset = "-u";

    public static IReadOnlyList<string> Arguments(string program, IEnumerable<string> arguments) =>
        [.. EtcdctlVariables.All.SelectMany(name => new[] { Unset, name }), program, .. arguments];

    /// <summary>Whether this <c>env</c> cannot unset a variable, so that nothing was started.</summary>
    public static bool IsRefusal(CommandOutput output) =>
        output is { ExitCode: not 0, IsNotRun: false, Output: "" }
        && output.Errors.StartsWith("env: ", StringComparison.Ordinal);
}
