namespace EtcdMaint;

/// <summary>The leases of Kubernetes that a run has read. Each list is null if it is unknown.</summary>
/// <param name="Before">The leases before the first member.</param>
/// <param name="After">The leases after the last member.</param>
/// <param name="Lost">All leases that were lost, also those that an earlier step of the runbook found.</param>
internal sealed record ObservedLeases(
    EtcdList<EtcdLease>? Before,
    EtcdList<EtcdLease>? After,
    EtcdList<EtcdLostLease>? Lost
);
