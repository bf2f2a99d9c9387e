using System.Globalization;

namespace EtcdMaint.Engine.Clients;

/// <summary>
/// The quota as a status or a command line gives it: 0 stands for the default, and a negative number for none.
/// Source: etcd-io/etcd, server/storage/quota.go.
/// </summary>
internal static class BackendQuota
{
    /// <summary>2 GiB.</summary>
    public const long Default = 2L * 1024 * 1024 * 1024;

    private static readonly Version FirstToReport = new(3, 6);

    /// <summary>Null for a server that does not report it, and where there is no quota.</summary>
    public static long? FromStatus(string serverVersion, long reported)
    {
        if (reported != 0)
            return reported > 0 ? reported : null;

        // etcd 3.6.0 to 3.6.5 report 0 when the default applies (etcd-io/etcd#20790).
        string digits = serverVersion.Split('-', 2)[0];
        return Version.TryParse(digits, out Version? version) && version >= FirstToReport ? Default : null;
    }

    /// <summary>The value of <c>--quota-backend-bytes</c>; null where there is no quota, or the text is no number.</summary>
    public static long? FromFlag(string text) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long bytes) || bytes < 0 ? null
        : bytes == 0 ? Default
        : bytes;
}
