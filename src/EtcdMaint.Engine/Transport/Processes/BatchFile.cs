using System.Buffers;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// The arguments of a batch file. Windows starts a batch file with cmd.exe, which does not know the quoting of .NET and
/// would run a part of some arguments as commands. A node or a member can choose such an argument.
/// </summary>
internal static class BatchFile
{
    private static readonly SearchValues<char> Operators = SearchValues.Create("&|<>^");

    /// <exception cref="DialException">cmd.exe would change an argument.</exception>
    public static void Check(string program, IReadOnlyList<string> arguments)
    {
        if (Path.GetExtension(program).ToUpperInvariant() is ".BAT" or ".CMD" && arguments.Any(IsChanged))
            throw new DialException(
                CallFailure.ProgramMissing,
                $"{program} is a batch file, and cmd.exe would interpret special characters in an argument"
            );
    }

    /// <summary>Quotation marks protect operators. .NET adds them only to an argument with a blank.</summary>
    private static bool IsChanged(string argument) =>
        argument.Any(c => c is '"' or '%' || char.IsControl(c))
        || (argument.AsSpan().ContainsAny(Operators) && !argument.Any(char.IsWhiteSpace));
}
