using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>One defragmentation of the cluster under load.</summary>
/// <param name="UnaskedTerms">Terms that began meanwhile, those of hand-overs left out.</param>
internal sealed record StallRun(ClientStalls Stalls, TimeSpan Took, long UnaskedTerms, string Work);

/// <summary>The figures by which contenders are compared that defragment a cluster under load.</summary>
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
        _silence = NewCase("time with no writer progressing", "s", Target.BestOf("no more than the best"));
        _elsewhere = NewCase("worst write through a member not at work", "s", Target.BestOf("no more than the best"));
        _worst = NewCase("worst write of all", "s", null);
        _unasked = NewCase(
            "term changes that nobody asked for",
            "terms",
            new Target("none", c => c.Module.Spread?.Most == 0)
        );
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
                + $"no progress {run.Stalls.WithoutProgress.TotalSeconds:0.00} s, worst elsewhere "
                + $"{run.Stalls.WorstElsewhere.TotalSeconds:0.00} s, unasked terms {run.UnaskedTerms}"
        );
        foreach (WriteAttempt failed in run.Stalls.Failed)
            BenchmarkRun.Say($"      through {failed.Member} after {failed.Took.TotalSeconds:0.0} s: {failed.Failure}");
    }
}
