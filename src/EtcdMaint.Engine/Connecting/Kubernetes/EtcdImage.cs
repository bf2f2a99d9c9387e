namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Reads the release of etcd from the name of a container image.</summary>
internal static class EtcdImage
{
    private const string Name = "etcd";

    /// <summary>
    /// Returns the release in the tag of an image of etcd, or null. A tag is a hint: anyone can give an image any tag.
    /// </summary>
    public static Version? FindRelease(string? image)
    {
        string last = image is null ? "" : image.Split('@')[0].Split('/')[^1];
        int colon = last.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !last.AsSpan(0, colon).EndsWith(Name, StringComparison.Ordinal))
            return null;
        ReadOnlySpan<char> tag = last.AsSpan(colon + 1).TrimStart('v');
        int end = tag.IndexOfAnyExceptInRange('.', '9');
        return Version.TryParse(end < 0 ? tag : tag[..end], out Version? release) ? release : null;
    }
}
