using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Screens;

/// <summary>Get-EtcdMemberStatus -Continuous at a terminal and in a redirection, on a real cluster.</summary>
public sealed class LiveViewTests : IAsyncLifetime
{
    private const int Wide = 110;
    private const int Narrow = 80;

    /// <summary>The start of the header of a table without versions.</summary>
    private const string NarrowHeader = "Member   Size";

    private const string EndOfReading = "\e[J";

    /// <summary>A name whose characters have the width of two cells, so that it does not fit into the window.</summary>
    private static readonly string WideName = string.Concat(Enumerable.Repeat("\u8a08", Wide * 3 / 4));

    private readonly TemporaryFolder _folder = new();
    private TestEtcdCluster? _cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _cluster = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 3 }, Cancellation);

    [Fact]
    public async Task The_view_is_drawn_in_place_until_Ctrl_C_which_leaves_the_terminal_as_it_was()
    {
        string seen = Path.Combine(_folder.Path, "seen");
        string file = Script(
            "'shown before the view'",
            "function Watch-Cluster { Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 }",
            "try { Watch-Cluster }",
            // The modes are read while pwsh runs, which restores them when it ends.
            "finally { Write-Host 'the view has ended'; "
                + $"while (-not (Test-Path '{seen}')) {{ Start-Sleep -Milliseconds 100 }} }}"
        );
        string before = "";
        string after = "";
        TerminalRecord record = await Terminal.DriveAsync(
            file,
            Wide,
            [
                new("shown before the view", async terminal => before = await terminal.ReadModesAsync()),
                new("every 1 s", _ => _cluster!.Loader.LoadAsync(100_000, 2_000_000, cancellation: Cancellation)),
                new("/s\e[K", _ => _cluster!.Members[2].KillAsync(Cancellation)),
                new("ago: no longer answers", terminal => terminal.ResizeAsync(Narrow)),
                new(NarrowHeader, _ => Task.CompletedTask),
                new("every 1 s", terminal => terminal.PressControlCAsync()),
                new(
                    "the view has ended",
                    async terminal =>
                    {
                        after = await terminal.ReadModesAsync();
                        await File.WriteAllTextAsync(seen, "", Cancellation);
                    }
                ),
            ]
        );
        TestContext.Current.TestOutputHelper?.WriteLine(record.Text);
        Assert.NotEqual("", before);
        Assert.Equal(before, after);
        Assert.Equal(record.ModesBefore, record.ModesAfter);
        Assert.DoesNotContain("\e[?1049h", record.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", record.Text, StringComparison.Ordinal);
        Assert.Equal(
            record.Text.LastIndexOf("\e[?25l", StringComparison.Ordinal) >= 0,
            record.Text.LastIndexOf("\e[?25h", StringComparison.Ordinal) >= 0
        );
        Assert.True(
            record.Text.LastIndexOf("\e[?25h", StringComparison.Ordinal)
                >= record.Text.LastIndexOf("\e[?25l", StringComparison.Ordinal)
        );

        // Before the change of the size, the second reading replaces the first one.
        // Each reading ends with the escape sequence that clears the lines below it.
        int header = record.Text.IndexOf(NarrowHeader, StringComparison.Ordinal);
        int change = record.Text.LastIndexOf(EndOfReading, header, StringComparison.Ordinal) + EndOfReading.Length;
        int end = record.Text.LastIndexOf(EndOfReading, StringComparison.Ordinal) + EndOfReading.Length;
        var wide = new ScreenBuffer(Wide, Terminal.Rows, record.Text[..change]);
        AssertOneTable(wide, "Version");
        Assert.Contains("shown before the view", wide.Lines);
        // After it, the view continues below.
        var narrow = new ScreenBuffer(Narrow, Terminal.Rows, record.Text[change..end]);
        AssertOneTable(narrow, "QuotaUsed");
        Assert.Contains("shown before the view", new ScreenBuffer(Wide, Terminal.Rows, record.Text[..end]).Lines);
        Assert.Contains(narrow.Lines, line => line.StartsWith("* m3", StringComparison.Ordinal));
        Assert.Contains(narrow.Lines, line => line.Contains("no reply", StringComparison.Ordinal));
        Assert.DoesNotContain(narrow.Lines, line => line.Contains("Version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirected_output_and_a_pipeline_get_rows()
    {
        string target = Path.Combine(_folder.Path, "rows.txt");
        string file = Script(
            "Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 | Select-Object -First 6 | "
                + "ForEach-Object { \"$($_.ReadAt -ne $null) $_\" }",
            "'redirected'",
            $"& {{ Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 }} > '{target}'"
        );
        TerminalRecord record = await Terminal.DriveAsync(
            file,
            Wide,
            [
                new(
                    "redirected",
                    async terminal =>
                    {
                        await Poll(() => File.Exists(target) && File.ReadLines(target).Count(IsRow) >= 6);
                        await terminal.PressControlCAsync();
                    }
                ),
            ]
        );
        TestContext.Current.TestOutputHelper?.WriteLine(record.Text);
        Assert.Equal(6, record.Text.Split('\n').Count(line => line.Contains("True m", StringComparison.Ordinal)));
        Assert.DoesNotContain("Ctrl+C", record.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", await File.ReadAllTextAsync(target, Cancellation), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private static bool IsRow(string line) => line.StartsWith('m') && line.Contains("3.5", StringComparison.Ordinal);

    private static void AssertOneTable(ScreenBuffer screen, string header)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', screen.Lines));
        Assert.Single(screen.Lines, line => line.Contains("every 1 s", StringComparison.Ordinal));
        Assert.Single(screen.Lines, line => line.Contains(header, StringComparison.Ordinal));
        foreach (string member in (string[])["m1", "m2", "m3"])
            Assert.Single(screen.Lines, line => line.StartsWith($"  {member} ") || line.StartsWith($"* {member} "));
    }

    private static async Task Poll(Func<bool> condition)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limited.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(50, limited.Token);
    }

    private string Script(params string[] lines)
    {
        string file = Path.Combine(_folder.Path, "live.ps1");
        File.WriteAllLines(
            file,
            [
                $"Import-Module '{Repository.Manifest}'",
                "$ProgressPreference = 'SilentlyContinue'",
                $"Connect-EtcdCluster '{string.Join("','", _cluster!.ClientUrls)}' -ClusterName {WideName} > $null",
                .. lines,
            ]
        );
        return file;
    }
}
