using System.Security.Cryptography;
using System.Text;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>Says what was done in words that are equal when the work was.</summary>
internal static class Work
{
    /// <summary>Which members answered, however many they are and in whatever order.</summary>
    public static string Members(IEnumerable<string> ids)
    {
        string[] sorted = [.. ids.Where(i => i.Length > 0).Order(StringComparer.Ordinal)];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', sorted)));
        return $"{sorted.Length} members answered ({Convert.ToHexStringLower(hash.AsSpan(0, 4))})";
    }
}
