using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Upgrades;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.Engine.Tests.Safety.Gates;
using static EtcdMaint.Engine.Membership.SettingOrigin;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>Which settings of a member do not work in the next release, by where they come from.</summary>
public sealed class FlagCheckTests
{
    [Fact]
    public async Task An_unknown_flag_prevents_the_start_and_an_unknown_variable_or_line_is_ignored()
    {
        IReadOnlyList<EtcdFinding> found = await FindAsync(
            "3.7",
            "3.6.14",
            new MemberSettings(
                [
                    new("experimental-corrupt-check-time", "1h", CommandLine),
                    new("experimental-initial-corrupt-check", "true", Variable),
                    new("experimental-memory-mlock", "true", ConfigFile),
                    new("name", "m0", CommandLine),
                ],
                null
            )
        );
        Assert.Equal(
            [
                (
                    "FlagRemoved",
                    "m0 is started with --experimental-corrupt-check-time, which etcd 3.7 does not know: it would "
                        + "not start.",
                    "Replace it with --corrupt-check-time."
                ),
                (
                    "SettingIgnored",
                    "m0 is started with ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK, which etcd 3.7 does not know: the "
                        + "setting would be ignored.",
                    "Replace it with --feature-gates=InitialCorruptCheck=true (or false)."
                ),
                (
                    "SettingIgnored",
                    "m0 is started with experimental-memory-mlock in its config file, which etcd 3.7 does not know: "
                        + "the setting would be ignored.",
                    "Replace it with --memory-mlock."
                ),
            ],
            found.Select(f => (f.FindingId, f.Message, f.RecommendedAction!))
        );
    }

    [Theory]
    [InlineData("3.5", "3.4.23", "logger", "capnslog", true)]
    [InlineData("3.5", "3.4.23", "logger", "zap", false)]
    [InlineData("3.6", "3.5.30", "v2-deprecation", "not-yet", true)]
    [InlineData("3.6", "3.5.30", "experimental-corrupt-check-time", "1h", false)]
    [InlineData("3.5.30", "3.5.16", "enable-v2", "false", false)]
    public async Task Only_what_the_step_removes_is_found(
        string to,
        string from,
        string flag,
        string value,
        bool isFound
    )
    {
        IReadOnlyList<EtcdFinding> found = await FindAsync(
            to,
            from,
            new MemberSettings([new(flag, value, CommandLine)], null)
        );
        Assert.Equal(isFound ? ["FlagRemoved"] : [], found.Select(f => f.FindingId));
    }

    [Fact]
    public async Task Settings_that_are_not_visible_are_not_checked_but_those_that_are_count()
    {
        IReadOnlyList<EtcdFinding> found = await FindAsync(
            "3.6",
            "3.5.30",
            new MemberSettings([new("proxy", "off", CommandLine)], "its variables cannot be read without root")
        );
        Assert.Equal(["FlagRemoved", "FlagNotChecked"], found.Select(f => f.FindingId));
        Assert.Equal("The flags were not checked: m0: its variables cannot be read without root.", found[1].Message);
        Assert.Equal(EtcdUpgradeCheck.Flag, Assert.Single(await FindAsync("3.6", "3.5.30", null)).NotChecked);
    }

    /// <summary>etcd checks these values when it reads a flag, but not when it reads a config file.</summary>
    [Theory]
    [InlineData("3.6", "3.5.30", "v2-deprecation", "not-yet", "SettingIgnored")]
    [InlineData("3.6", "3.5.30", "discovery-fallback", "proxy", "SettingIgnored")]
    [InlineData("3.5", "3.4.23", "logger", "capnslog", "FlagRemoved")]
    public async Task A_value_in_a_config_file_prevents_the_start_only_if_etcd_checks_it(
        string to,
        string from,
        string flag,
        string value,
        string id
    )
    {
        Assert.Equal(id, Assert.Single(await FindAsync(to, from, Only(ConfigFile))).FindingId);
        Assert.Equal("FlagRemoved", Assert.Single(await FindAsync(to, from, Only(Variable))).FindingId);

        MemberSettings Only(SettingOrigin origin) => new([new(flag, value, origin)], null);
    }

    [Theory]
    [InlineData("v2-deprecation", true)]
    [InlineData("name", false)]
    public async Task A_hidden_value_is_not_checked_if_the_step_removes_one_of_the_flag(string flag, bool matters)
    {
        IReadOnlyList<EtcdFinding> found = await FindAsync(
            "3.6",
            "3.5.30",
            new MemberSettings([new(flag, null, CommandLine)], null)
        );
        Assert.Equal(
            matters ? [$"The flags were not checked: m0: the value of --{flag} is not visible."] : [],
            found.Select(f => f.Message)
        );
    }

    private static Task<IReadOnlyList<EtcdFinding>> FindAsync(string to, string from, MemberSettings? settings)
    {
        MemberReading reading = GateStates.Up(0, s => s with { Version = from });
        reading = reading with { Member = reading.Member with { Client = GateStates.Silent(0).Member.Client } };
        EtcdConnection connection = new ScriptedCluster("prod").Connection;
        var context = new ClusterContext(
            new Settings(settings),
            null,
            TimeProvider.System,
            new ClusterIdentity(connection)
        );
        return FlagCheck.FindAsync(
            new UpgradeContext(
                UpgradeTarget.Parse(to),
                context,
                GateStates.Of(reading),
                new CallBudget(TimeSpan.FromSeconds(1), CancellationToken.None)
            )
        );
    }

    private sealed class Settings(MemberSettings? settings) : IMemberSource
    {
        public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) =>
            Task.FromResult<IReadOnlyList<IMemberClient>>([]);

        public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

        public Task<MemberSettings?> ReadSettingsAsync(IMemberClient client, CallBudget limit) =>
            Task.FromResult(settings);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
