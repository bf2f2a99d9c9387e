using System.Management.Automation;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Loading;

/// <summary>The output of the views in Constrained Language Mode, which application control enables.</summary>
public sealed class ConstrainedLanguageTests : IDisposable
{
    private readonly Shell _shell = new(language: PSLanguageMode.ConstrainedLanguage);

    private readonly FakeCluster _cluster = new();

    [Fact]
    public void The_runspace_of_these_tests_is_constrained() =>
        Assert.Equal(
            [PSLanguageMode.ConstrainedLanguage],
            _shell.Run("$ExecutionContext.SessionState.LanguageMode").Output
        );

    [Fact]
    public void An_armed_alarm_is_visible()
    {
        string screen = _shell.Render(Samples.Status(_cluster.Members[1]), Samples.Unreachable(_cluster.Members[2]));
        Assert.Contains("3.5.30  2.1 GB  25 MB  99% ███░  98% NoSpace  Voter", screen);
        Assert.Contains("no reply", screen);
    }

    [Fact]
    public void Every_view_shows_the_same_as_in_full_language_mode()
    {
        using var full = new Shell();
        object[] rows =
        [
            _cluster.Members[0],
            _cluster.Alarm(1),
            Samples.Status(_cluster.Members[0]),
            Samples.Compaction(new MemberTarget(_cluster.Members[0]), planned: false),
            _cluster.Result(0, EtcdDefragStatus.Planned),
            _cluster.Connection,
            Samples.Snapshot(_cluster.Members[0]),
            Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "The NOSPACE alarm is armed.", "etcd-2"),
            Samples.Health(
                "prod",
                Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "The NOSPACE alarm is armed.", "etcd-2")
            ),
            Samples.Report(
                "prod",
                EtcdMaintenanceStatus.Succeeded,
                "done",
                _cluster.Result(0, EtcdDefragStatus.Defragmented)
            ),
        ];
        foreach (object row in rows)
            Assert.Equal(full.Render(row), _shell.Render(row));
    }

    [Fact]
    public void No_view_and_no_type_contains_a_script()
    {
        foreach (string file in Directory.GetFiles(BuiltModule.Root, "*.ps1xml"))
            Assert.DoesNotContain("Script", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("$row.PSObject.Properties.Name")]
    [InlineData("$row.PSObject.Members.Match('*').Name")]
    public void The_columns_of_a_view_are_not_properties_of_the_record(string script)
    {
        using var full = new Shell();
        Outcome outcome = full.Run(script, ("row", Samples.Status(_cluster.Members[1])));
        string text = string.Join('\n', outcome.Output);
        Assert.Contains("DbSize", text);
        Assert.DoesNotContain("ViewDbSize", text);
    }

    public void Dispose() => _shell.Dispose();
}
