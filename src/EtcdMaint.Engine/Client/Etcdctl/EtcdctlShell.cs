using System.Net;
using System.Text;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Puts a shell before etcdctl, only where it must have another environment: to get a password that no command line may
/// show, and to lose variables that were set for a person, with which etcdctl does something else. A command line is
/// seen by every user of a node, and the API server's audit log keeps those of exec; what is read from the input is
/// seen by nobody. The shell reads one line byte by byte, so the rest of the input is left for etcdctl.
/// </summary>
internal static class EtcdctlShell
{
    public const string Program = "sh";

    // What is run is $0, always the third argument: a user or a key may well be named as the program is.
    private const string Run = "exec \"$0\" \"$@\"";

    private const string RunWithLogin =
        $"IFS= read -r ETCDCTL_PASSWORD && ETCDCTL_USER=$1 && export ETCDCTL_USER ETCDCTL_PASSWORD && shift && {Run}";

    private static readonly string Clean = $"unset {string.Join(' ', EtcdctlVariables.All)}; ";

    public static IReadOnlyList<string> Arguments(EtcdctlLogin? login, string program, IEnumerable<string> arguments) =>
        login is null
            ? ["-c", Clean + Run, program, .. arguments]
            : ["-c", Clean + RunWithLogin, program, login.UserName, .. arguments];

    public static ReadOnlyMemory<byte> Input(EtcdctlLogin? login, ReadOnlyMemory<byte> input)
    {
        if (login is null)
            return input;
        string password = new NetworkCredential("", login.Password).Password;
        return password.AsSpan().IndexOfAny('\n', '\0') < 0
            ? (byte[])[.. Encoding.UTF8.GetBytes(password), (byte)'\n', .. input.Span]
            : throw new EtcdException(
                ErrorIds.PasswordNotPassable,
                EtcdErrorCategory.InvalidArgument,
                "The password holds a line break, which cannot be handed to etcdctl.",
                "Connect over gRPC, or use a client certificate whose common name is the etcd user.",
                login.UserName
            );
    }
}
