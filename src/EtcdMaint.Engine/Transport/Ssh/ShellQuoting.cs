namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// ssh hands a command to the login shell of the other side as one text. In single quotes a POSIX shell takes every
/// character as it is, line breaks included; only the quote itself has to step outside.
/// </summary>
internal static class ShellQuoting
{
    public static string Quote(string argument) => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static string Join(string program, IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend(program).Select(Quote));
}
