using System.Net;
using System.Text;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Starts etcdctl through a shell if etcdctl needs another environment. The shell passes a password, which must not be
/// on a command line, and removes variables of the user that would change what etcdctl does. Every user of a node can
/// see a command line, and the audit log of the API server records the command lines of exec; no user can see the
/// input. The shell reads one line byte by byte, so etcdctl can read the rest of the input.
/// </summary>
internal static class EtcdctlShell
{
    public const string Program = "sh";

    // The program is $0, which is always the third argument, because a user or a key may have the same name as the
    // program.
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
                "The password contains a line break, which cannot be passed to etcdctl.",
                "Connect over gRPC, or use a client certificate whose common name is the etcd user.",
                login.UserName
            );
    }
}
