using System.Management.Automation;
using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Formatting;

/// <summary>External text that could move the cursor, set the window title or reverse the reading order.</summary>
[Trait("Kind", "Real")]
public sealed class PlainTextTests : IDisposable
{
    private const string Evil = "\e]0;pwned\a\e[2J\u202E";

    private const string Plain = "\uFFFD]0;pwned\uFFFD\uFFFD[2J\uFFFD";

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-text-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Member_names_are_plain_and_can_still_be_used_to_select_the_member()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                NamePrefix = $"m{Evil}-",
                DataFolder = name => $"data{name[^1]}",
            }
        );
        await real.AgeAsync();
        EtcdMember[] members = [.. Plainly(real.Shell.Run("Get-EtcdMember -Verbose")).Output.Cast<EtcdMember>()];
        Assert.Equal(
            [$"m{Plain}-1", $"m{Plain}-2", $"m{Plain}-3"],
            members.Select(member => member.MemberName).Order(StringComparer.Ordinal)
        );
        string screen = real.Shell.Run("Get-EtcdMemberStatus | Out-Default; Get-EtcdMember | Out-Default").Screen;
        Assert.True(IsPlain(screen), screen);

        EtcdMember second = members.Single(member => member.MemberName.EndsWith('2'));
        foreach (string name in new[] { second.MemberName, $"m{Evil}-2", "m*2" })
            Assert.Equal(
                second.MemberId,
                Assert
                    .IsType<EtcdMember>(
                        Assert.Single(real.Shell.Run("Get-EtcdMember -MemberName $name", ("name", name)).Output)
                    )
                    .MemberId
            );

        Outcome defrag = Plainly(
            real.Shell.Run("$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag -Verbose", ("m", second))
        );
        Assert.Equal(
            EtcdDefragStatus.Defragmented,
            Assert.IsType<EtcdDefragResult>(Assert.Single(defrag.Output)).Status
        );
        Outcome plan = Plainly(real.Shell.Run("Invoke-EtcdDefrag -WhatIf"));
        Assert.Equal(3, plan.Output.Count);
        Assert.True(IsPlain(plan.Screen), plan.Screen);
        Plainly(real.Shell.Run("Get-EtcdMember -MemberName $name", ("name", $"no{Evil}")));
    }

    [Fact]
    public async Task The_value_of_the_kill_switch_is_plain_in_every_report()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(new ClusterOptions());
        await real.Cluster.KeyValues.PutAsync("etcdmaint/disabled", $"until{Evil}\nFriday", cancellation: Cancellation);
        Outcome run = Plainly(real.Shell.Run("Invoke-EtcdMaintenance -OutVariable report -Verbose"));
        Assert.EndsWith(
            $": until{Plain} Friday",
            Assert.IsType<EtcdMaintenanceReport>(Assert.Single(run.Output)).Reason,
            StringComparison.Ordinal
        );
        foreach (string file in new[] { "report.html", "report.json" })
        {
            string path = Path.Combine(_folder, file);
            Assert.Empty(real.Shell.Run("$report | Export-EtcdMaintenanceReport $path", ("path", path)).ErrorText);
            string content = await File.ReadAllTextAsync(path, Cancellation);
            Assert.Contains("until", content, StringComparison.Ordinal);
            Assert.True(IsPlain(content), content);
        }
    }

    [Fact]
    public async Task The_holder_of_a_lock_is_plain()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(new ClusterOptions());
        await real.AgeAsync();
        string holder =
            """{"Run":"6f0ab8a9-0b4e-4a55-8f4f-5b3a0e4f7a11","Host":"h\u001b[2J","User":"ann\u0007\u202e","ProcessId":7,"Since":"2026-11-01T02:00:00Z"}""";
        await real.Cluster.KeyValues.PutAsync("etcdmaint/lock", holder, cancellation: Cancellation);
        Outcome run = Plainly(real.Shell.Run("Get-EtcdMember | Invoke-EtcdDefrag"));
        Assert.Equal(["LockTaken"], run.ErrorIds);
        Assert.Contains("ann\uFFFD\uFFFD on h\uFFFD[2J", run.ErrorText, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Asserts that no output of the script contains a control character.</summary>
    private static Outcome Plainly(Outcome outcome)
    {
        IEnumerable<string?> said =
        [
            .. outcome.Verbose,
            .. outcome.Warnings,
            .. outcome.Progress.SelectMany(record => new[] { record.Activity, record.StatusDescription }),
            .. outcome.Errors.Append(outcome.Terminating).OfType<ErrorRecord>().SelectMany(Texts),
            .. outcome.Output.SelectMany(row =>
                row.GetType().GetProperties().Select(property => property.GetValue(row)).OfType<string>()
            ),
        ];
        Assert.All(said, text => Assert.True(text is null || IsPlain(text), text));
        return outcome;
    }

    private static IEnumerable<string?> Texts(ErrorRecord error) =>
        [
            error.ToString(),
            error.ErrorDetails?.RecommendedAction,
            error.TargetObject?.ToString(),
            error.CategoryInfo.ToString(),
            error.Exception.ToString().ReplaceLineEndings(""),
        ];

    private static bool IsPlain(string text) =>
        text.All(character => character is '\n' or '\r' || !(char.IsControl(character) || character is '\u202E'));
}
