using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>The groups of one resource. Small groups are estimated by the mean of their resource.</summary>
internal sealed class ResourceGroups(IReadOnlyList<KeyGroup> groups)
{
    public IReadOnlyList<KeyGroup> Groups { get; } = groups;

    public long Count { get; } = groups.Sum(group => group.Count);

    public SizeMeasure Sizes { get; } = new();

    public double MeanOf(KeyGroup group) =>
        group.Sizes.Draws >= Limits.Space.MinimumDraws ? group.Sizes.Mean : Sizes.Mean;

    public double EstimateOf(KeyGroup group) => group.Sizes.ExactBytes ?? group.Count * MeanOf(group);
}
