using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>
/// Simpler scenarios that might show the same failure: fewer faults, plainer requests, fewer members.
/// </summary>
internal static class ScenarioShrink
{
    public static IEnumerable<Scenario> Smaller(Scenario s)
    {
        for (int i = 0; i < s.Faults.Length; i++)
            yield return s with
            {
                Faults = [.. s.Faults[..i], .. s.Faults[(i + 1)..]],
            };
        Scenario[] plainer =
        [
            s with
            {
                Overrides = [],
            },
            s with
            {
                NotAfter = null,
            },
            s with
            {
                DefragTimeout = null,
            },
            s with
            {
                MaximumStall = null,
            },
            s with
            {
                StopsAfter = null,
            },
            s with
            {
                Thinks = TimeSpan.Zero,
            },
            s with
            {
                RuleTakes = null,
            },
            s with
            {
                RequiresMove = false,
            },
            s with
            {
                ContinuesOnError = false,
            },
            s with
            {
                TakesNoClusterLock = false,
            },
            s with
            {
                WritesPerSecond = 0,
            },
            s with
            {
                CompactsIn = TimeSpan.FromMilliseconds(200),
            },
            s with
            {
                StopTimeout = TimeSpan.FromMinutes(5),
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { SecondsPerGigabyte = 10 })],
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { Version = m.IsNonBlocking ? "3.8.0" : "3.5.30" })],
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { Given = UpstreamState.Done })],
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { HasMetrics = true })],
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { SeesDisk = true })],
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { IsNonBlocking = false })],
            },
            s with
            {
                Members = [.. s.Members.Select(m => m with { InUse = 100, Size = 200 })],
            },
        ];
        string now = s.ToString();
        foreach (Scenario one in plainer.Where(p => p.ToString() != now))
            yield return one;
        if (s.Members.Length > 1 && s.Leader < s.Members.Length - 1)
            yield return s with
            {
                Members = s.Members[..^1],
            };
    }
}
