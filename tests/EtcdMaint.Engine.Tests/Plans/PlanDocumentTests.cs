using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EtcdMaint.Engine.Tests.Reports;
using EtcdMaint.Plans;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>The file of a plan can be read again everywhere, conforms to its schema, and shows each change.</summary>
public sealed class PlanDocumentTests
{
    private static readonly byte[] File = PlanDocument.Render(SamplePlans.All);

    [Fact]
    public void Every_property_conforms_to_the_schema()
    {
        using JsonDocument schema = JsonDocument.Parse(System.IO.File.ReadAllText(SchemaPath()));
        using JsonDocument document = JsonDocument.Parse(File);
        Assert.Empty(JsonSchema.Check(schema.RootElement, document.RootElement));
    }

    [Fact]
    public void A_plan_that_is_read_again_is_the_same()
    {
        EtcdMaintenancePlan read = PlanDocument.Parse(File, "plan.json");
        Assert.Equal(File, PlanDocument.Render(read));
        Assert.Equal(SamplePlans.All.Checksum, read.Checksum);
        Assert.Equal(SamplePlans.All.CreatedAt, read.CreatedAt);
        Assert.Equal(SamplePlans.All.NotAfter, read.NotAfter);
        Assert.Equal(SamplePlans.All.SnapshotPath, read.SnapshotPath);
        Assert.Equal(SamplePlans.All.KeepDuration, read.KeepDuration);
        Assert.Equal(SamplePlans.All.MinimumFragmentationRatio, read.MinimumFragmentationRatio);
        Assert.Equal(SamplePlans.All.Override.AsEnumerable(), read.Override);
        foreach ((EtcdClusterPlan before, EtcdClusterPlan after) in SamplePlans.All.Cluster.Zip(read.Cluster))
        {
            Assert.Equal(before.Step.AsEnumerable(), after.Step);
            Assert.Equal(before.MemberPlan.Select(WithoutLists), after.MemberPlan.Select(WithoutLists));
            Assert.Equal(
                before.MemberPlan.Select(m => m.Alarm.ToString()),
                after.MemberPlan.Select(m => m.Alarm.ToString())
            );
        }
    }

    [Fact]
    public void Each_culture_writes_and_reads_the_same_file()
    {
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        foreign.NumberFormat.NumberGroupSeparator = ".";
        foreign.NumberFormat.NegativeSign = "~";
        foreign.DateTimeFormat.TimeSeparator = ".";
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(File, PlanDocument.Render(SamplePlans.All));
            Assert.Equal(File, PlanDocument.Render(PlanDocument.Parse(File, "plan.json")));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_edit_of_a_byte_damages_the_plan()
    {
        var random = new Random(20261123);
        for (int i = 0; i < File.Length; i++)
        {
            byte[] edited = [.. File];
            edited[i] = (byte)(edited[i] ^ random.Next(1, 256));
            AssertDamaged(edited, $"byte {i} is {edited[i]}");
            AssertDamaged([.. File[..i], .. File[(i + 1)..]], $"without byte {i}");
            AssertDamaged([.. File[..i], (byte)random.Next(256), .. File[i..]], $"one more at {i}");
            AssertDamaged(File[..i], $"only {i} bytes");
        }
        AssertDamaged([.. File, (byte)'\n'], "one more line");
        AssertDamaged([], "empty");
    }

    [Fact]
    public void Version_control_may_convert_all_line_ends_and_no_other_byte()
    {
        byte[] windows = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(File).ReplaceLineEndings("\r\n"));
        Assert.Equal(SamplePlans.All.PlanId, PlanDocument.Parse(windows, "plan.json").PlanId);
        for (int i = 0; i < windows.Length; i++)
            AssertDamaged([.. windows[..i], .. windows[(i + 1)..]], $"without byte {i}");
    }

    [Theory]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 2", "it has schema version 2")]
    [InlineData("\"status\": \"Planned\"", "\"status\": \"Perfect\"", "its content does not match the schema")]
    [InlineData("\"keepRevisions\": 1000", "\"keepRevision\": 1000", "its content does not match the schema")]
    public void A_file_with_a_right_checksum_must_also_be_understood(string from, string to, string why)
    {
        string[] lines = Encoding.UTF8.GetString(File).Replace(from, to, StringComparison.Ordinal).Split('\n');
        string content = string.Join('\n', lines[..^3]) + "\n";
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        byte[] file = Encoding.UTF8.GetBytes($"{content}  \"checksum\": \"{checksum}\"\n}}\n");
        EtcdException damaged = Assert.ThrowsAny<EtcdException>(() => PlanDocument.Parse(file, "plan.json"));
        Assert.Equal("PlanDamaged", damaged.ErrorId);
        Assert.Contains(why, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_tools_show_the_checksum()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "head and sha256sum are tools of Linux.");
        string path = Path.GetTempFileName();
        try
        {
            await System.IO.File.WriteAllBytesAsync(path, File, TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo("sh", ["-c", "head -n -2 \"$0\" | sha256sum", path])
            {
                RedirectStandardOutput = true,
            };
            using Process shell = Process.Start(start)!;
            string shown = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith(SamplePlans.All.Checksum, shown, StringComparison.Ordinal);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void The_turns_of_all_steps_have_one_order_and_the_others_follow()
    {
        EtcdClusterPlan cluster = SamplePlans.All.Cluster[0];
        Assert.Equal(
            [("m1", 1), (SampleReports.EvilName, 2), ("m3", (int?)null)],
            cluster.MemberPlan.Select(member => (member.MemberName, member.Order))
        );
        Assert.Equal([false, true, false], cluster.MemberPlan.Select(member => member.IsDecidedLater));
        Assert.Equal((800_000_000, 900_000_000), (cluster.BytesReclaimedMinimum, cluster.BytesReclaimedMaximum));
        Assert.Equal(TimeSpan.FromSeconds(3.235), cluster.TotalPause);
        Assert.Equal(SampleReports.EvilName, cluster.Leader);
    }

    private static EtcdMemberPlan WithoutLists(EtcdMemberPlan member) => member with { Alarm = NoAlarms };

    private static readonly EtcdList<EtcdAlarmType> NoAlarms = [];

    private static void AssertDamaged(byte[] file, string what)
    {
        EtcdException? damaged = null;
        try
        {
            PlanDocument.Parse(file, "plan.json");
        }
        catch (EtcdException error)
        {
            damaged = error;
        }
        Assert.True(damaged?.ErrorId == "PlanDamaged", what);
    }

    private static string SchemaPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/plan-schema.json");
}
