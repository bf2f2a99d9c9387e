using System.Globalization;
using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Package.Tests.Screens;

/// <summary>
/// What a person sees in a terminal of 80 and 120 columns, on a real cluster that refuses writes. A wide terminal shows
/// the same words, so a word that appears only in the narrow one was cut.
/// </summary>
public sealed partial class ScreenTests(ScreenTests.FullCluster full) : IClassFixture<ScreenTests.FullCluster>
{
    private const int Wide = 400;

    private static readonly int[] Narrow = [80, 120];

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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task No_line_is_wider_than_the_terminal_and_no_word_is_cut() =>
        AssertFitsAsync($"Connect-EtcdCluster '{string.Join("','", full.Etcd.ClientUrls)}' -ClusterName big > $null");

    [Fact]
    public async Task No_line_is_wider_and_no_word_is_cut_on_Kubernetes()
    {
        const string token = "test-token";
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        api.Pods.AddRange(EtcdPods.Kubeadm(full.Etcd));
        api.Users.Add(new ApiUser("admin") { Token = token });
        string config = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(token), "prod"));
        await AssertFitsAsync($"Connect-EtcdCluster -KubeConfig '{config}' > $null");
    }

    private static async Task AssertFitsAsync(string connect)
    {
        Dictionary<int, string> screens = await ShowAsync(connect);
        HashSet<string> known = [.. WordsOf(screens[Wide])];
        foreach (int columns in Narrow)
        {
            string shown = screens[columns];
            TestContext.Current.TestOutputHelper?.WriteLine($"{columns} columns:\n{shown}");
            // PowerShell leaves the wrapping of these lines to the terminal.
            string[] lines =
            [
                .. shown.Split('\n').Where(line => !line.StartsWith("WARNING: ") && !line.StartsWith("What if: ")),
            ];
            Assert.All(Commands, command => Assert.Contains($"PS> {command}", lines));
            Assert.DoesNotContain(lines, line => line.TrimEnd().Length > columns);
            Assert.DoesNotContain("…", shown, StringComparison.Ordinal);
            Assert.Equal([], WordsOf(string.Join('\n', lines)).Where(word => !known.Contains(word)).Distinct());
        }
    }

    /// <summary>What the commands show in a terminal that changes its width, by the number of columns.</summary>
    private static async Task<Dictionary<int, string>> ShowAsync(string connect)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "show.ps1");
        File.WriteAllLines(
            file,
            [
                $"Import-Module '{Path.Combine(Repository.Module, "EtcdMaint.psd1")}'",
                "$ProgressPreference = 'SilentlyContinue'",
                connect,
                .. ((int[])[Wide, .. Narrow]).SelectMany(columns =>
                    (string[])
                        [
                            $"stty cols {columns}",
                            // PowerShell learns of the new width by a signal.
                            $"while ([Console]::WindowWidth -ne {columns}) {{ Start-Sleep -Milliseconds 20 }}",
                            $"'COLUMNS {columns}'",
                            .. Commands.SelectMany(command =>
                                (string[])[$"'PS> {command}'", $"{command} | Out-Default"]
                            ),
                        ]
                ),
            ]
        );
        string shown = await Terminal.RunAsync(file, Wide);
        return shown
            .Split("COLUMNS ")[1..]
            .Select(screen => screen.Split('\n', 2))
            .ToDictionary(screen => int.Parse(screen[0], CultureInfo.InvariantCulture), screen => screen[1]);
    }

    /// <summary>The words of a screen; figures differ from one look to the next.</summary>
    private static IEnumerable<string> WordsOf(string screen) =>
        LargestResources()
            .Replace(screen, "")
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => Figures().Replace(word, "0"))
            .Where(word => word.Any(char.IsLetter));

    /// <summary>They are not shown if it takes too long to read them, on a machine under load.</summary>
    [GeneratedRegex(@"Largest:\s.+?\sshows\s+all\.", RegexOptions.Singleline)]
    private static partial Regex LargestResources();

    [GeneratedRegex(@"(?<=^|\W)[0-9a-f]{16}(?=$|\W)|\d+(\.\d+)?")]
    private static partial Regex Figures();

    /// <summary>A cluster that refuses writes, because the objects of Kubernetes and their history fill it.</summary>
    public sealed class FullCluster : IAsyncLifetime
    {
        private TestEtcdCluster? _etcd;

        public TestEtcdCluster Etcd => _etcd!;

        public async ValueTask InitializeAsync()
        {
            _etcd = await TestEtcdCluster.StartAsync(
                new ClusterOptions { Members = 3, QuotaBytes = 32_000_000 },
                Cancellation
            );
            await _etcd.Loader.LoadAsync(new KubernetesObjects(), cancellation: Cancellation);
            await _etcd.Loader.LoadAsync(liveBytes: 4_000_000, deadBytes: 12_000_000, cancellation: Cancellation);
            await _etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            if (_etcd is not null)
                await _etcd.DisposeAsync();
        }
    }
}
