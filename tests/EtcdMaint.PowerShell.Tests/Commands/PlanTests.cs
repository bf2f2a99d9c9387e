using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary><c>-WhatIf</c>, in each of its forms, reaches the engine as "plan only".</summary>
public sealed class PlanTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    public static TheoryData<string> Changing => ["Invoke-EtcdCompaction", "Invoke-EtcdDefrag", "Clear-EtcdAlarm"];

    [Theory]
    [MemberData(nameof(Changing))]
    public void WhatIf_only_plans(string cmdlet)
    {
        Assert.Empty(Run($"{cmdlet} -Connection $c -WhatIf").ErrorText);
        AssertAllPlanned(1);
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void The_preference_variable_only_plans_too(string cmdlet)
    {
        Assert.Empty(Run($"$WhatIfPreference = $true; {cmdlet} -Connection $c").ErrorText);
        AssertAllPlanned(1);
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void A_switch_set_to_false_takes_precedence_over_the_preference_variable(string cmdlet)
    {
        Assert.Empty(Run($"$WhatIfPreference = $true; {cmdlet} -Connection $c -WhatIf:$false").ErrorText);
        Assert.DoesNotContain(true, Plans());
    }

    [Fact]
    public void A_plan_within_a_pipeline_makes_all_later_steps_plans()
    {
        Assert.Empty(Run("$m | Invoke-EtcdCompaction -WhatIf | Invoke-EtcdDefrag | Clear-EtcdAlarm").ErrorText);
        AssertAllPlanned(3);
    }

    [Theory]
    [InlineData("$m | Get-EtcdMemberStatus | Invoke-EtcdDefrag")]
    [InlineData("$m | Get-EtcdMember | Invoke-EtcdDefrag")]
    [InlineData("$m | Invoke-EtcdDefrag")]
    [InlineData("[pscustomobject]@{ Member = $m[1] } | Invoke-EtcdDefrag")]
    [InlineData("Invoke-EtcdDefrag -Member $m[1]")]
    [InlineData("$a | Invoke-EtcdDefrag")]
    [InlineData("$m[1] | Get-EtcdAlarm | Invoke-EtcdDefrag")]
    [InlineData("$m[1], $real[0] | Invoke-EtcdDefrag")]
    [InlineData("$real[1], $m[1] | Invoke-EtcdDefrag")]
    public void Records_of_a_plan_are_only_planned(string call)
    {
        _cluster.Alarms = [_cluster.Alarm(1)];
        EtcdMember[] planned = [.. _cluster.Members.Select(member => member.AsPlanned(true))];
        Outcome outcome = _shell.Run(
            call,
            ("m", planned),
            ("real", _cluster.Members.ToArray()),
            ("a", _cluster.Alarm(1).AsPlanned(true))
        );
        Assert.Empty(outcome.ErrorText);
        AssertAllPlanned(1);
    }

    [Fact]
    public void A_plan_that_skips_every_member_makes_all_later_steps_plans()
    {
        EtcdDefragResult[] skipped =
        [
            .. _cluster.Members.Select(m =>
                _cluster.Result(m.AsPlanned(true), EtcdDefragStatus.Skipped, "nothing to gain")
            ),
        ];
        Assert.Empty(
            _shell
                .Run("$rows | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm", ("rows", skipped))
                .ErrorText
        );
        AssertAllPlanned(3);
        Assert.All(_cluster.Compactions[0].Targets, target => Assert.Equal(UpstreamState.Done, target.Upstream));
    }

    [Theory]
    [InlineData("$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag -WhatIf", "compaction", "Invoke-EtcdDefrag")]
    [InlineData("$m | Invoke-EtcdDefrag | Clear-EtcdAlarm -WhatIf", "defragmentation", "Clear-EtcdAlarm")]
    [InlineData(
        "$bag = [pscustomobject]@{ Status = 'Compacted'; Member = $m[0] }; "
            + "$bag.PSObject.TypeNames.Insert(0, 'Selected.EtcdMaint.EtcdCompactionResult'); "
            + "$bag | Invoke-EtcdDefrag -WhatIf | Clear-EtcdAlarm -WhatIf",
        "compaction",
        "Invoke-EtcdDefrag"
    )]
    public void A_plan_of_the_last_step_warns_that_the_earlier_step_was_carried_out(
        string call,
        string step,
        string planned
    ) =>
        Assert.Equal(
            $"EarlierStepDone: The {step} of prod was carried out. Only {planned} is planned. To plan the "
                + "whole line, set "
                + "$WhatIfPreference = $true before it, or use Invoke-EtcdMaintenance -WhatIf.",
            Assert.Single(Run(call).Warnings)
        );

    [Theory]
    [InlineData("$WhatIfPreference = $true; $m | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm")]
    [InlineData("$m | Invoke-EtcdCompaction -WhatIf | Invoke-EtcdDefrag -WhatIf")]
    [InlineData("$m | Get-EtcdMemberStatus | Invoke-EtcdDefrag -WhatIf")]
    [InlineData("$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag")]
    public void A_line_that_is_planned_or_carried_out_as_a_whole_does_not_warn(string call) =>
        Assert.Empty(Run(call).Warnings);

    [Fact]
    public void Members_of_a_plan_can_still_be_changed_without_it()
    {
        Assert.Empty(Run("$null = $m | Invoke-EtcdDefrag -WhatIf; $m | Invoke-EtcdDefrag").ErrorText);
        Assert.Equal([true, false], Plans());
    }

    [Fact]
    public void The_plan_marker_is_not_shown_or_stored() =>
        Assert.DoesNotContain(
            "IsPlanned",
            (string)
                Assert.Single(
                    _shell
                        .Run(
                            "[System.Management.Automation.PSSerializer]::Serialize($m) + $m.PSObject.Properties.Name",
                            ("m", _cluster.Members[0].AsPlanned(true))
                        )
                        .Output
                )
        );

    [Theory]
    [InlineData("-Verbose")]
    [InlineData("-Confirm")]
    public void After_a_plan_there_is_no_prompt_and_nothing_is_reported_as_done(string parameter)
    {
        bool? confirmed = null;
        _cluster.OnDefrag = async (_, observer, _) => confirmed = await observer.ConfirmAsync("Defragment", "etcd-1");
        Outcome outcome = Run($"$m | Invoke-EtcdCompaction -WhatIf | Invoke-EtcdDefrag {parameter}");
        Assert.Empty(outcome.ErrorText);
        Assert.False(confirmed);
        Assert.Equal(0, _shell.Host.Prompts);
        Assert.DoesNotContain(
            outcome.Verbose,
            line => line.StartsWith("Performing the operation", StringComparison.Ordinal)
        );
        if (parameter == "-Verbose")
            Assert.Contains("Only planned: Defragment on etcd-1.", outcome.Verbose);
    }

    [Theory]
    [InlineData("$m | Invoke-EtcdDefrag -WhatIf", true)]
    [InlineData("$m | Invoke-EtcdCompaction -WhatIf | Invoke-EtcdDefrag", true)]
    [InlineData("$m | Invoke-EtcdDefrag -WhatIf -InformationAction Ignore", false)]
    public void The_sum_of_a_plan_is_shown_unless_information_is_ignored(string call, bool isShown)
    {
        _cluster.OnDefrag = (_, observer, _) =>
        {
            observer.Inform("What if: 3 members of prod.");
            return Task.CompletedTask;
        };
        Outcome outcome = Run(call);
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(isShown, outcome.Screen.Contains("What if: 3 members of prod.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_for_one_cluster_does_not_affect_another()
    {
        var other = new FakeCluster("staging", "c2");
        EtcdDefragResult planned = _cluster.Result(0, EtcdDefragStatus.Planned);
        _shell.Run("$rows | Invoke-EtcdCompaction", ("rows", new object[] { planned, other.Members[0] }));
        Assert.True(Assert.Single(_cluster.Compactions).PlanOnly);
        Assert.False(Assert.Single(other.Compactions).PlanOnly);
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Every_cmdlet_that_changes_a_cluster_supports_WhatIf_and_never_prompts_by_default(string cmdlet)
    {
        Outcome outcome = Run(
            $"$meta = [System.Management.Automation.CommandMetadata]::new((Get-Command {cmdlet})); "
                + "$meta.SupportsShouldProcess; $meta.ConfirmImpact.ToString()"
        );
        Assert.Equal([true, "Medium"], outcome.Output);
    }

    public void Dispose() => _shell.Dispose();

    private IEnumerable<bool> Plans() =>
        [
            .. _cluster.Compactions.Select(r => r.PlanOnly),
            .. _cluster.Defrags.Select(r => r.PlanOnly),
            .. _cluster.Clears.Select(r => r.PlanOnly),
        ];

    private void AssertAllPlanned(int requests)
    {
        Assert.Equal(requests, Plans().Count());
        Assert.DoesNotContain(false, Plans());
    }

    private Outcome Run(string script) =>
        _shell.Run(script, ("c", _cluster.Connection), ("m", _cluster.Members.ToArray()));
}
