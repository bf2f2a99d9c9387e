using System.Text;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Reads the text of a file that may begin with a byte-order mark, as editors and Windows PowerShell write it. .NET
/// does not find PEM after a byte-order mark.
/// </summary>
internal static class PemText
{
    public static string Of(byte[] bytes)
    {
        using var reader = new StreamReader(
            new MemoryStream(bytes),
            Encoding.UTF8,
            detectEncodingFromByteOrderMarks: true
        );
        return reader.ReadToEnd();
    }
}
