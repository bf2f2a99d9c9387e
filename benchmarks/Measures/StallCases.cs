using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>One defragmentation of the cluster under load.</summary>
/// <param name="UnaskedTerms">The terms that began meanwhile, except those of requested transfers.</param>
internal sealed record StallRun(ClientStalls Stalls, TimeSpan Took, long UnaskedTerms, string Work);

/// <summary>The figures for comparing contenders that defragment a cluster under load.</summary>
internal sealed class StallCases
{
    private readonly Case _failed;
    private readonly Case _silence;
    private readonly Case _elsewhere;
    private readonly Case _worst;
    private readonly Case _unasked;
    private readonly Case _took;

    public StallCases(string size, IReadOnlyList<string> contenders)
    {
        Case NewCase(string name, string unit, Target? target) =>
            new($"{name}, {size}", unit, contenders) { Target = target };
        _failed = NewCase("failed writes", "writes", Target.BestOf("no more than the best"));
        _silence = NewCase("time without progress of any writer", "s", Target.BestOf("no more than the best"));
        _elsewhere = NewCase(
            "slowest write through a member that is not defragmenting",
            "s",
            Target.BestOf("no more than the best")
        );
        _worst = NewCase("slowest write through any member", "s", null);
        _unasked = NewCase("unrequested term changes", "terms", new Target("none", c => c.Module.Spread?.Most == 0));
        _took = NewCase("the whole defragmentation", "s", null);
    }

    public IReadOnlyList<Case> Cases => [_failed, _silence, _elsewhere, _worst, _unasked, _took];

    public void Add(string contender, StallRun run)
    {
        _failed.Add(contender, run.Stalls.Failed.Count, run.Work);
        _silence.Add(contender, run.Stalls.WithoutProgress.TotalSeconds, run.Work);
        _elsewhere.Add(contender, run.Stalls.WorstElsewhere.TotalSeconds, run.Work);
        _worst.Add(contender, run.Stalls.WorstOfAll.TotalSeconds, run.Work);
        _unasked.Add(contender, run.UnaskedTerms, run.Work);
        _took.Add(contender, run.Took.TotalSeconds, run.Work);
        BenchmarkRun.Say(
            $"    {contender}: {run.Took.TotalSeconds:0.0} s, {run.Stalls.Acknowledged} writes, "
                + $"{run.Stalls.Failed.Count} failed, "
                + $"no progress {run.Stalls.WithoutProgress.TotalSeconds:0.00} s, slowest elsewhere "
                + $"{run.Stalls.WorstElsewhere.TotalSeconds:0.00} s, unrequested term changes {run.UnaskedTerms}"
        );
        foreach (WriteAttempt failed in run.Stalls.Failed)
            BenchmarkRun.Say($"      through {failed.Member} after {failed.Took.TotalSeconds:0.0} s: {failed.Failure}");
    }
}
