using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Screens;

/// <summary>Get-EtcdMemberStatus -Continuous at a terminal and in a redirection, on a real cluster.</summary>
public sealed class LiveViewTests : IAsyncLifetime
{
    private const int Wide = 110;
    private const int Narrow = 80;

    private readonly TemporaryFolder _folder = new();
    private TestEtcdCluster? _cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _cluster = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 3 }, Cancellation);

    [Fact]
    public async Task The_view_is_drawn_in_place_until_Ctrl_C_which_leaves_the_terminal_as_it_was()
    {
        string file = Script("Get-EtcdMemberStatus -Continuous -IntervalSeconds 1");
        TerminalRecord record = await Terminal.DriveAsync(
            file,
            Wide,
            [
                new("every 1 s", _ => _cluster!.Loader.LoadAsync(100_000, 2_000_000, cancellation: Cancellation)),
                new("/s\e[K", _ => _cluster!.Members[2].KillAsync(Cancellation)),
                new("ago: no longer answers", terminal => terminal.ResizeAsync(Narrow)),
                new("\e[2J", _ => Task.CompletedTask),
                new("every 1 s", terminal => terminal.PressControlCAsync()),
            ]
        );
        TestContext.Current.TestOutputHelper?.WriteLine(record.Text);
        Assert.Equal(record.ModesBefore, record.ModesAfter);
        Assert.DoesNotContain("\e[?1049h", record.Text, StringComparison.Ordinal);
        Assert.Equal(
            record.Text.LastIndexOf("\e[?25l", StringComparison.Ordinal) >= 0,
            record.Text.LastIndexOf("\e[?25h", StringComparison.Ordinal) >= 0
        );
        Assert.True(
            record.Text.LastIndexOf("\e[?25h", StringComparison.Ordinal)
                >= record.Text.LastIndexOf("\e[?25l", StringComparison.Ordinal)
        );

        // Before the change of the size, the second reading replaces the first one.
        string wide = record.Text.Split("\e[2J")[0];
        AssertOneTable(new ScreenBuffer(Wide, Terminal.Rows, wide), "Version");
        // The last reading ends with the escape sequence that clears the lines below it.
        string whole = record.Text[..(record.Text.LastIndexOf("\e[J", StringComparison.Ordinal) + 3)];
        var narrow = new ScreenBuffer(Narrow, Terminal.Rows, whole[whole.IndexOf("\e[2J", StringComparison.Ordinal)..]);
        AssertOneTable(narrow, "QuotaUsed");
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
            $"Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 > '{target}'"
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
                $"Connect-EtcdCluster '{string.Join("','", _cluster!.ClientUrls)}' -ClusterName live > $null",
                .. lines,
            ]
        );
        return file;
    }
}
