using System.Security;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The etcd user of etcdctl's variables. Source: etcd-io/etcd, etcdctl/ctlv3/command/global.go (authCfgFromCmd).
/// </summary>
internal sealed record EtcdctlLogin(string UserName, SecureString Password)
{
    /// <summary>
    /// Name and password in one, unless the password has a variable of its own; null where no user is set. etcdctl asks
    /// its terminal for a password that is missing, and does not log in at all where one of the two is empty.
    /// </summary>
    /// <exception cref="EtcdException">The user has no password.</exception>
    public static EtcdctlLogin? Read(EtcdctlVariable user, EtcdctlVariable password)
    {
        if (user.Value is not { } text)
            return null;
        if (password.Value is { } own)
            return new EtcdctlLogin(text, ToSecure(own));

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1
            ? new EtcdctlLogin(text[..colon], ToSecure(text[(colon + 1)..]))
            : throw InputErrors.EtcdctlVariableUnusable(
                user.Name,
                $"does not hold a user and a password, and {password.Name} is not set",
                "Write it as name:password, or set both variables"
            );
    }

    private static SecureString ToSecure(string text)
    {
        var secure = new SecureString();
        foreach (char character in text)
            secure.AppendChar(character);
        secure.MakeReadOnly();
        return secure;
    }
}
