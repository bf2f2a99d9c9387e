namespace EtcdMaint;

/// <summary>Names the largest resources of a database in one line.</summary>
internal static class LargestResourceText
{
    /// <summary>A person reads three at a glance, and more than that is in the report.</summary>
    private const int Most = 3;

    /// <summary>Names the three largest resources with their sizes; null if they are unknown.</summary>
    /// <param name="largest">The resources, the largest first.</param>
    public static string? Of(IReadOnlyList<EtcdSpaceUsage> largest)
    {
        if (largest.Count == 0)
            return null;
        IEnumerable<string> named = largest.Take(Most).Select(row => $"{NameOf(row)} {ByteText.Of(row.Bytes ?? 0)}");
        return $"Largest: {string.Join(", ", named)}. Get-EtcdSpaceUsage shows all.";
    }

    /// <summary>The resource, or the prefix outside Kubernetes.</summary>
    public static string NameOf(EtcdSpaceUsage row) =>
        row.ToString() is { Length: > 0 } name ? name : "keys without a prefix";
}
