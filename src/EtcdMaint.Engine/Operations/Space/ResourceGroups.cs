using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>The groups of one resource. A group with few draws is estimated by the mean of its resource.</summary>
internal sealed class ResourceGroups(IReadOnlyList<KeyGroup> groups)
{
    public IReadOnlyList<KeyGroup> Groups { get; } = groups;

    public long Count { get; } = groups.Sum(group => group.Count);

    /// <summary>The first keys of some groups.</summary>
    public SizeMeasure First { get; } = new();

    /// <summary>The draws from all keys.</summary>
    public SizeMeasure Sizes { get; } = new();

    /// <summary>About how many bytes a key takes.</summary>
    public double Scale => Sizes.Draws > 0 ? Sizes.Mean : First.Mean;

    /// <summary>A few groups that represent the others.</summary>
    public IEnumerable<KeyGroup> Some =>
        new[] { 0, Groups.Count / 2, Groups.Count - 1 }.Distinct().Select(i => Groups[i]);

    public double MeanOf(KeyGroup group) => group.Sizes.Draws >= Limits.Space.MinimumDraws ? group.Sizes.Mean : Scale;

    public double EstimateOf(KeyGroup group) => group.Sizes.ExactBytes ?? group.Count * MeanOf(group);
}
