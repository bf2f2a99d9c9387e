namespace EtcdMaint.TestCluster;

/// <summary>The Linux distribution, from /etc/os-release.</summary>
internal sealed record OperatingSystemRelease(string Id, string Codename)
{
    public static OperatingSystemRelease Current { get; } =
        File.Exists("/etc/os-release") ? Parse(File.ReadAllLines("/etc/os-release")) : new("", "");

    public bool IsDebian => Id == "debian";

    public bool IsUbuntu => Id == "ubuntu";

    public static OperatingSystemRelease Parse(IEnumerable<string> lines)
    {
        var values = lines
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim().Trim('"'));
        return new(values.GetValueOrDefault("ID", ""), values.GetValueOrDefault("VERSION_CODENAME", ""));
    }
}
