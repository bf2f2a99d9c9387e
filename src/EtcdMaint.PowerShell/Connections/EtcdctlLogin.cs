using System.Security;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The etcd user in the variables of etcdctl. Source: etcd-io/etcd, etcdctl/ctlv3/command/global.go (authCfgFromCmd).
/// </summary>
internal sealed record EtcdctlLogin(string UserName, SecureString Password)
{
    /// <summary>
    /// Returns the user and the password. One variable contains both, unless the password has its own variable. Returns
    /// null if no user is set. etcdctl prompts for a missing password, and does not log in if the user or the password
    /// is empty.
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
