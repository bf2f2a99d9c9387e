using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EtcdMaint.Plans;

/// <summary>
/// The file of a plan, as docs/plan-schema.json describes it. The last property is the SHA-256 of all lines above it,
/// so <c>head -n -2 plan.json | sha256sum</c> shows it too. Every change of the file therefore damages the plan, except
/// line ends of Windows throughout, because version control can convert them.
/// </summary>
internal static class PlanDocument
{
    private const string BeforeChecksum = "  \"checksum\": \"";

    private const string AfterChecksum = "\"\n}\n";

    private const int ChecksumLength = 2 * SHA256.HashSizeInBytes;

    public static byte[] Render(EtcdMaintenancePlan plan)
    {
        byte[] content = Content(plan);
        return [.. content, .. Encoding.ASCII.GetBytes($"{BeforeChecksum}{Hash(content)}{AfterChecksum}")];
    }

    public static string ChecksumOf(EtcdMaintenancePlan plan) => Hash(Content(plan));

    /// <param name="file">The bytes of the file.</param>
    /// <param name="path">The path, for errors.</param>
    /// <exception cref="EtcdException">The file is not a plan, or was changed (<c>PlanDamaged</c>).</exception>
    public static EtcdMaintenancePlan Parse(byte[] file, string path)
    {
        string text = Encoding.Latin1.GetString(WithUnixLineEnds(file));
        int end = BeforeChecksum.Length + ChecksumLength + AfterChecksum.Length;
        int start = text.Length - end;
        if (start < 0 || !HasChecksum(text[start..]))
            throw PlanErrors.Damaged(path, "it is incomplete, or New-EtcdMaintenancePlan did not write it");
        string checksum = text.Substring(start + BeforeChecksum.Length, ChecksumLength);
        if (checksum != Hash(Encoding.Latin1.GetBytes(text[..start])))
            throw PlanErrors.Damaged(path, "it was changed after it was written: its checksum does not match");
        try
        {
            using var json = JsonDocument.Parse(Encoding.Latin1.GetBytes(text));
            int version = json.RootElement.GetProperty("schemaVersion").GetInt32();
            return version == PlanWriter.SchemaVersion
                ? PlanReader.ReadPlan(json.RootElement)
                : throw PlanErrors.Damaged(
                    path,
                    $"it has schema version {version}, and this version of EtcdMaint reads version "
                        + $"{PlanWriter.SchemaVersion}"
                );
        }
        catch (Exception invalid)
            when (invalid is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw PlanErrors.Damaged(path, "its content does not match the schema", invalid);
        }
    }

    private static bool HasChecksum(string ending) =>
        ending.StartsWith(BeforeChecksum, StringComparison.Ordinal)
        && ending.EndsWith(AfterChecksum, StringComparison.Ordinal);

    /// <summary>The lines above the checksum. They are the same on each system.</summary>
    private static byte[] Content(EtcdMaintenancePlan plan)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
            PlanWriter.WritePlan(json, plan);
        string text = Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\n");
        return Encoding.UTF8.GetBytes($"{text[..text.LastIndexOf('\n')]},\n");
    }

    private static string Hash(byte[] content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    private static byte[] WithUnixLineEnds(byte[] file)
    {
        for (int i = 0; i < file.Length; i++)
        {
            bool isPaired = file[i] switch
            {
                (byte)'\n' => i > 0 && file[i - 1] == '\r',
                (byte)'\r' => i + 1 < file.Length && file[i + 1] == '\n',
                _ => true,
            };
            if (!isPaired)
                return file;
        }
        return Array.FindAll(file, one => one != '\r');
    }
}
