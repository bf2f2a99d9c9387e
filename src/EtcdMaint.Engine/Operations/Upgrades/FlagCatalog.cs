namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// The flags that each minor release of etcd removed, with their replacements: the flags in
/// <c>server/embed/config.go</c> and <c>server/etcdmain/config.go</c> of its tag, compared with those of the newest
/// patch release of the minor before. Flags that a release only ignores are not in the table.
/// </summary>
internal static class FlagCatalog
{
    private const string UpgradeTo35 = "https://etcd.io/docs/v3.5/upgrades/upgrade_3_5/";
    private const string UpgradeTo36 = "https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/";
    private const string UpgradeTo37 = "https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/";

    /// <summary>The flags that 3.6 has under a name without <c>experimental-</c>.</summary>
    private static readonly string[] WithoutPrefix =
    [
        "bootstrap-defrag-threshold-megabytes",
        "compact-hash-check-time",
        "compaction-batch-limit",
        "compaction-sleep-interval",
        "corrupt-check-time",
        "distributed-tracing-address",
        "distributed-tracing-instance-id",
        "distributed-tracing-sampling-rate",
        "distributed-tracing-service-name",
        "downgrade-check-time",
        "enable-distributed-tracing",
        "memory-mlock",
        "peer-skip-client-san-verification",
        "snapshot-catchup-entries",
        "warning-apply-duration",
        "warning-unary-request-duration",
        "watch-progress-notify-interval",
    ];

    /// <summary>The flags that 3.6 has as a feature gate.</summary>
    private static readonly (string Flag, string Gate)[] AsFeatureGate =
    [
        ("compact-hash-check-enabled", "CompactHashCheck"),
        ("enable-lease-checkpoint", "LeaseCheckpoint"),
        ("enable-lease-checkpoint-persist", "LeaseCheckpointPersist"),
        ("initial-corrupt-check", "InitialCorruptCheck"),
        ("stop-grpc-service-on-defrag", "StopGRPCServiceOnDefrag"),
        ("txn-mode-write-with-shared-buffer", "TxnModeWriteWithSharedBuffer"),
    ];

    public static IReadOnlyList<RemovedFlag> All { get; } = [.. In35(), .. In36(), .. In37()];

    private static IEnumerable<RemovedFlag> In35()
    {
        var release = new Version(3, 5);
        yield return new(release, "debug", "--log-level=debug", UpgradeTo35);
        yield return new(
            release,
            "experimental-backend-bbolt-freelist-type",
            "--backend-bbolt-freelist-type, which 3.5 knows",
            UpgradeTo35
        );
        yield return new(release, "log-output", "--log-outputs", UpgradeTo35);
        yield return new(release, "log-package-levels", "--log-level", UpgradeTo35);
        yield return new(release, "logger", "--logger=zap", UpgradeTo35) { Value = "capnslog", IsCheckedInFile = true };
        yield return new(release, "next-cluster-version-compatible", null, UpgradeTo35);
    }

    private static IEnumerable<RemovedFlag> In36()
    {
        var release = new Version(3, 6);
        yield return new(release, "enable-v2", null, UpgradeTo36);
        yield return new(release, "experimental-enable-v2v3", null, UpgradeTo36);
        yield return new(release, "proxy", null, UpgradeTo36);
        foreach (
            string part in new[] { "dial-timeout", "failure-wait", "read-timeout", "refresh-interval", "write-timeout" }
        )
            yield return new(release, $"proxy-{part}", null, UpgradeTo36);
        yield return new(release, "discovery-fallback", "--discovery-fallback=exit", UpgradeTo36) { Value = "proxy" };
        yield return new(release, "v2-deprecation", null, UpgradeTo36) { Value = "not-yet" };
    }

    private static IEnumerable<RemovedFlag> In37()
    {
        var release = new Version(3, 7);
        foreach (string flag in WithoutPrefix)
            yield return new(release, $"experimental-{flag}", $"--{flag}", UpgradeTo37);
        foreach ((string flag, string gate) in AsFeatureGate)
            yield return new(release, $"experimental-{flag}", $"--feature-gates={gate}=true (or false)", UpgradeTo37);
        yield return new(release, "discovery", "--discovery-endpoints and --discovery-token", UpgradeTo37);
        yield return new(release, "discovery-proxy", null, UpgradeTo37);
    }
}
