namespace EtcdMaint.Engine.Clients;

/// <summary>The quota out of a status: etcd reports it from 3.6 on.</summary>
internal static class ReportedQuota
{
    // etcd 3.6.0 to 3.6.5 report 0 when the default applies (etcd-io/etcd#20790).
    private const long Default = 2L * 1024 * 1024 * 1024;

    private static readonly Version First = new(3, 6);

    /// <summary>Null for a server that does not report it, and where there is no quota.</summary>
    public static long? Read(string serverVersion, long reported)
    {
        if (reported > 0)
            return reported;

        // A negative one switches the quota off (etcd-io/etcd, server/storage/quota.go).
        if (reported < 0)
            return null;
        string digits = serverVersion.Split('-', 2)[0];
        return Version.TryParse(digits, out Version? version) && version >= First ? Default : null;
    }
}
