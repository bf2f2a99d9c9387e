using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Package.Tests.Screens;

/// <summary>
/// What a person sees in a terminal of 80 and 120 columns, on a real cluster that refuses writes. A wide terminal shows
/// the same words, so a word that appears only in the narrow one was cut.
/// </summary>
public sealed partial class ScreenTests : IAsyncLifetime
{
    private const int Wide = 400;

    private static readonly string[] Commands =
    [
        "Get-EtcdConnection",
        "Get-EtcdMember",
        "Get-EtcdMemberStatus",
        "Get-EtcdAlarm",
        "Get-EtcdSpaceUsage -CountOnly | Select-Object -First 10",
        "Test-EtcdHealth",
        "Get-EtcdMember | Invoke-EtcdCompaction -WhatIf",
        "Get-EtcdMember | Invoke-EtcdDefrag -WhatIf",
        "Invoke-EtcdMaintenance -WhatIf",
    ];

    private readonly TemporaryFolder _folder = new();
    private TestEtcdCluster? _cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, QuotaBytes = 32_000_000 },
            Cancellation
        );
        await _cluster.Loader.LoadAsync(new KubernetesObjects(), cancellation: Cancellation);
        await _cluster.Loader.LoadAsync(liveBytes: 4_000_000, deadBytes: 12_000_000, cancellation: Cancellation);
        await _cluster.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
    }

    [Fact]
    public Task No_line_is_wider_than_the_terminal_and_no_word_is_cut() =>
        AssertFitsAsync($"Connect-EtcdCluster '{string.Join("','", _cluster!.ClientUrls)}' -ClusterName big > $null");

    [Fact]
    public async Task No_line_is_wider_and_no_word_is_cut_on_Kubernetes()
    {
        const string token = "test-token";
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        api.Pods.AddRange(EtcdPods.Kubeadm(_cluster!));
        api.Users.Add(new ApiUser("admin") { Token = token });
        string config = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(token), "prod"));
        await AssertFitsAsync($"Connect-EtcdCluster -KubeConfig '{config}' > $null");
    }

    private async Task AssertFitsAsync(string connect)
    {
        string wide = await ShowAsync(connect, Wide);
        HashSet<string> known = [.. WordsOf(wide)];
        foreach (int columns in (int[])[80, 120])
        {
            string shown = await ShowAsync(connect, columns);
            TestContext.Current.TestOutputHelper?.WriteLine($"{columns} columns:\n{shown}");
            // PowerShell leaves the wrapping of these lines to the terminal.
            string[] lines =
            [
                .. shown.Split('\n').Where(line => !line.StartsWith("WARNING: ") && !line.StartsWith("What if: ")),
            ];
            Assert.DoesNotContain(lines, line => line.TrimEnd().Length > columns);
            Assert.DoesNotContain("…", shown, StringComparison.Ordinal);
            Assert.Equal([], WordsOf(string.Join('\n', lines)).Where(word => !known.Contains(word)).Distinct());
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private Task<string> ShowAsync(string connect, int columns)
    {
        string file = Path.Combine(_folder.Path, $"{columns}.ps1");
        File.WriteAllLines(
            file,
            [
                $"Import-Module '{Path.Combine(Repository.Module, "EtcdMaint.psd1")}'",
                "$ProgressPreference = 'SilentlyContinue'",
                connect,
                .. Commands.SelectMany(command => (string[])[$"'PS> {command}'", $"{command} | Out-Default"]),
            ]
        );
        return Terminal.RunAsync(file, columns);
    }

    /// <summary>The words of a screen; figures differ from one look to the next.</summary>
    private static IEnumerable<string> WordsOf(string screen) =>
        screen
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => Figures().Replace(word, "0"))
            .Where(word => word.Any(char.IsLetter));

    [GeneratedRegex(@"(?<=^|\W)[0-9a-f]{16}(?=$|\W)|\d+(\.\d+)?")]
    private static partial Regex Figures();
}
