using EtcdMaint.Engine.Runbook;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>The error about live data that does not fit into the quota names what takes most of it.</summary>
public sealed class LiveDataTests
{
    private const string Action = "Only a higher quota (--quota-backend-bytes) or deleting data helps.";

    [Fact]
    public void The_three_largest_resources_are_named() =>
        Assert.Equal(
            $"{Action} Largest: events 120 MB, secrets 60 MB, /calico/ 15 MB. Get-EtcdSpaceUsage shows all.",
            ActionFor(
                Usage("events", "/registry/events/", 120_000_000),
                Usage("secrets", "/registry/secrets/", 60_000_000),
                Usage(null, "/calico/", 15_000_000),
                Usage("pods", "/registry/pods/", 1_000_000)
            )
        );

    [Fact]
    public void Keys_without_a_prefix_have_a_name_too() =>
        Assert.Equal(
            $"{Action} Largest: keys without a prefix 120 MB. Get-EtcdSpaceUsage shows all.",
            ActionFor(Usage(null, "", 120_000_000))
        );

    [Fact]
    public void Nothing_is_named_if_they_are_unknown() => Assert.Equal(Action, ActionFor());

    private static string? ActionFor(params EtcdSpaceUsage[] largest) =>
        LiveData
            .FindTooMuch(
                new EtcdHealthReport
                {
                    MemberStatus =
                    [
                        new EtcdMemberStatus
                        {
                            MemberName = "m1",
                            IsReachable = true,
                            DbSizeInUse = 195_000_000,
                            QuotaBytes = 200_000_000,
                        },
                    ],
                    LargestResource = largest,
                },
                [],
                0
            )!
            .RecommendedAction;

    private static EtcdSpaceUsage Usage(string? resource, string prefix, long bytes) =>
        new()
        {
            Resource = resource,
            Prefix = prefix,
            KeyCount = 1,
            Bytes = bytes,
        };
}
