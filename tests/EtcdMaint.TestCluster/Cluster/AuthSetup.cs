namespace EtcdMaint.TestCluster;

/// <summary>Creates the users of <see cref="ClusterUsers"/> and enables auth.</summary>
internal static class AuthSetup
{
    public static async Task TurnOnAsync(Gateway gateway, ClusterMember member, CancellationToken cancellation)
    {
        var (root, limited) = (ClusterUsers.Root, ClusterUsers.Limited);
        var limitedKeys = new
        {
            permType = "READWRITE",
            key = Encode(ClusterUsers.LimitedPrefix),
            range_end = Encode(KeyRange.EndOfPrefix(ClusterUsers.LimitedPrefix)),
        };
        (string Path, object Body)[] steps =
        [
            ("auth/user/add", new { name = root.Name, password = root.Password }),
            ("auth/role/add", new { name = "root" }),
            ("auth/user/grant", new { user = root.Name, role = "root" }),
            ("auth/user/add", new { name = limited.Name, password = limited.Password }),
            ("auth/role/add", new { name = limited.Name }),
            ("auth/role/grant", new { name = limited.Name, perm = limitedKeys }),
            ("auth/user/grant", new { user = limited.Name, role = limited.Name }),
            ("auth/enable", new { }),
        ];
        foreach (var (path, body) in steps)
            await gateway.PostAsync(member, path, body, cancellation);
        gateway.User = root;
    }

    private static string Encode(string key) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key));
}
