namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Quotes a command for ssh, which passes it to the login shell of the node as one text. A POSIX shell leaves every
/// character in single quotes unchanged, including line breaks. Only the single quote itself must be written outside
/// the quotes.
/// </summary>
internal static class ShellQuoting
{
    public static string Quote(string argument) => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static string Join(string program, IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend(program).Select(Quote));
}
