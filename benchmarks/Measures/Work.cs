using System.Security.Cryptography;
using System.Text;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>Describes the work in words that are equal if the work was.</summary>
internal static class Work
{
    /// <summary>The members that answered, in a text that does not depend on their order.</summary>
    public static string Members(IEnumerable<string> ids)
    {
        string[] sorted = [.. ids.Where(i => i.Length > 0).Order(StringComparer.Ordinal)];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', sorted)));
        return $"{sorted.Length} members answered ({Convert.ToHexStringLower(hash.AsSpan(0, 4))})";
    }
}
